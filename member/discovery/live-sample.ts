import type { LiveRequest, LiveRequests } from '@netring/contract/traffic';

/** Requests a second that are drawn, each as likely as any other. */
export const drawnPerSecond = 50;
/** Beside them the first of each dependency in a second, so that a quiet one is seen beside a loud one. */
export const firstsPerSecond = 50;
/** What one report may carry. */
const perReport = 200;
/** Seconds that wait for a report; older ones are not live any more. */
const keptSeconds = 10;

/** A sample of the requests as they happen. Counted nowhere: only how many there were is exact. */
export interface LiveSample {
  /** Counts a request; true when it is not drawn. Otherwise the next call is {@link offer}. */
  skips: (source: string, target: string) => boolean;
  offer: (request: LiveRequest) => void;
  /** What has come together since the last call; `undefined` when there were no requests. */
  take: () => LiveRequests | undefined;
  /** Whether there were requests since the last {@link take}. */
  isWaiting: () => boolean;
  /** Requests since the start. */
  seen: () => number;
}

interface Second {
  second: number;
  seen: number;
  drawn: LiveRequest[];
  firsts: LiveRequest[];
  known: Map<string, Set<string>>;
}

/** Where a request goes: the place of one that was drawn before, or among the first of their dependency. */
type Slot = number | 'first';

/**
 * @param now milliseconds, to tell seconds apart
 * @param random from 0 to 1
 */
export function createLiveSample(now: () => number, random: () => number): LiveSample {
  let seconds: Second[] = [];
  let current: Second | undefined;
  let granted: Slot | undefined;
  let seenSince = 0;
  let seen = 0;

  const secondNow = (): Second => {
    const second = Math.floor(now() / 1000);
    if (current?.second === second) return current;
    current = { second, seen: 0, drawn: [], firsts: [], known: new Map() };
    seconds = [...seconds.slice(1 - keptSeconds), current];
    return current;
  };
  /** Algorithm R (Vitter 1985): the k-th of a second takes a random place among the first k, or none. */
  const draw = (in_: Second, source: string, target: string): Slot | undefined => {
    seen++;
    seenSince++;
    in_.seen++;
    if (in_.drawn.length < drawnPerSecond) return in_.drawn.length;
    if (in_.firsts.length < firstsPerSecond && isFirst(in_, source, target)) return 'first';
    const place = Math.floor(random() * in_.seen);
    return place < drawnPerSecond ? place : undefined;
  };
  return {
    skips(source, target) {
      granted = draw(secondNow(), source, target);
      return granted === undefined;
    },
    offer(request) {
      const into = secondNow();
      const slot = granted ?? draw(into, request.source, request.target);
      granted = undefined;
      if (slot === undefined) return;
      remember(into, request.source, request.target);
      if (slot === 'first') into.firsts.push(request);
      else into.drawn[Math.min(slot, into.drawn.length)] = request;
    },
    take() {
      if (seenSince === 0) return undefined;
      const all = seconds.flatMap(({ drawn, firsts }) => [...drawn, ...firsts]);
      const sample = all.slice(-perReport).sort((a, b) => a.at_ms - b.at_ms);
      const answer = { seen: seenSince, sample };
      seconds = [];
      current = undefined;
      seenSince = 0;
      return answer;
    },
    isWaiting: () => seenSince > 0,
    seen: () => seen,
  };
}

function isFirst({ known }: Second, source: string, target: string): boolean {
  return known.get(source)?.has(target) !== true;
}

function remember({ known }: Second, source: string, target: string): void {
  const targets = known.get(source);
  if (targets === undefined) known.set(source, new Set([target]));
  else targets.add(target);
}
