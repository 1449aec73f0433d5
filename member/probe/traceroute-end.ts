import { reachedTtl, type TraceProbe } from './traceroute-hops.ts';

/** A probe that is to be sent, under way, or answered. */
export interface SentProbe extends TraceProbe {
  /** Monotonic milliseconds; absent until it is sent. */
  sentMs?: number;
}

/** An answer of nobody is waited for so long after the last probe: no path of this planet takes longer. */
const longestWaitMs = 1000;
/** A hop that has answered a probe answers the others about as late as that one, or as the target, or not at all. */
const sameAgain = { share: 1.2, ms: 20 };
/** One that has not may be a slow answerer: some take a fifth of a second. */
const silent = { share: 2, ms: 200 };

/** The distance at which the trace ends: the target's, or that of a router that goes no further. */
export function endTtl(probes: readonly TraceProbe[], target: string): number | undefined {
  const reached = reachedTtl(probes, target);
  if (reached !== undefined) return reached;
  const ends = probes.filter(({ answer }) => answer?.kind === 'end').map(({ ttl }) => ttl);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/**
 * When a trace is over, on the clock of its probes; `undefined` while probes wait to be sent. Once its end is known,
 * whatever is further away does not matter, and what is missing before it is waited for as long as the way there makes
 * reasonable: a silent hop does not cost a whole time-out.
 */
export function overAtMs(probes: readonly SentProbe[], target: string): number | undefined {
  const end = endTtl(probes, target);
  const mattering = probes.filter(({ ttl }) => end === undefined || ttl <= end);
  if (mattering.some(({ sentMs }) => sentMs === undefined)) return undefined;
  if (end === undefined) return Math.max(...mattering.map(({ sentMs = 0 }) => sentMs + longestWaitMs));
  const endMs = Math.min(
    ...mattering.map(({ ttl, answer }) => (ttl === end ? (answer?.rttMs ?? Infinity) : Infinity)),
  );
  const answersMs = new Map<number, number>();
  for (const { ttl, answer } of mattering)
    if (answer !== undefined) answersMs.set(ttl, Math.max(answersMs.get(ttl) ?? endMs, answer.rttMs));
  return Math.max(
    -Infinity,
    ...mattering
      .filter(({ answer }) => answer === undefined)
      .map(({ ttl, sentMs = 0 }) => {
        const knownMs = answersMs.get(ttl);
        const wait = knownMs === undefined ? silent : sameAgain;
        return sentMs + Math.min(longestWaitMs, wait.share * (knownMs ?? endMs) + wait.ms);
      }),
  );
}
