import type { LinkIncidents, LinkMetrics } from '@netring/contract/link';
import type { DependencyFacts, Judge, Judged, SignalFacts, WindowFacts } from '../facts.ts';
import { incidentsAt, noIncidents, noteTrouble, type IncidentMemory } from './incident-memory.ts';
import { addAt, newHalves, sampleOf, together, type Halves, type MetricSums } from './metric-sum.ts';

/** What was measured on the links that traffic shows, window by window. */
export interface LinkBook {
  /** Takes the windows of a dependency that are over and were not seen before. */
  note(facts: DependencyFacts, judged: Judged, nowMs: number): void;
  forget(ids: readonly string[]): void;
  of(id: string, nowMs: number): KnownLink | undefined;
}

export interface KnownLink {
  up: MetricSums;
  down: MetricSums;
  isOpen: boolean;
  closures: number;
  incidents: LinkIncidents;
}

interface Entry {
  halves: Halves;
  untilMs: number;
  closures: number;
  incidents: IncidentMemory;
}

/** Without traffic for so long a link is not open: two windows, and the time until they are reported. */
const openMs = 30_000;
/** The one used longest ago goes first: 2 kB each. */
const mostLinks = 20_000;

export function createLinkBook(): LinkBook {
  const entries = new Map<string, Entry>();
  return {
    note(facts, judged, nowMs) {
      const fresh = facts.windows.filter(
        (one) => one.closed && one.startMs >= (entries.get(facts.id)?.untilMs ?? -Infinity),
      );
      if (fresh.length === 0) return;
      const entry = entries.get(facts.id) ?? newEntry(fresh[0] as WindowFacts);
      entries.delete(facts.id);
      entries.set(facts.id, entry);
      if (entries.size > mostLinks) entries.delete(entries.keys().next().value as string);
      for (const window of fresh) take(entry, window, judged, nowMs);
    },
    forget(ids) {
      for (const id of ids) entries.delete(id);
    },
    of(id, nowMs) {
      const entry = entries.get(id);
      if (entry === undefined) return undefined;
      const isOpen = nowMs - entry.untilMs <= openMs;
      return {
        ...together(entry.halves, nowMs),
        isOpen,
        closures: entry.closures + (isOpen ? 0 : 1),
        incidents: incidentsAt(entry.incidents, nowMs),
      };
    },
  };
}

function newEntry({ startMs }: WindowFacts): Entry {
  return { halves: newHalves(startMs), untilMs: startMs, closures: 0, incidents: noIncidents() };
}

function take(entry: Entry, window: WindowFacts, judged: Judged, nowMs: number): void {
  const endMs = window.startMs + window.durationMs;
  if (window.startMs - entry.untilMs > openMs) entry.closures++;
  entry.untilMs = endMs;
  entry.halves = addAt(entry.halves, window.startMs, metricsOf(window));
  // A verdict is of now: of a window that was read back nobody knows what it was like.
  const what = nowMs - endMs <= openMs ? troubleOf(window, judged) : undefined;
  if (what !== undefined) noteTrouble(entry.incidents, window.startMs, what);
}

/** What is wrong with a link, or nothing. */
function troubleOf({ counts }: WindowFacts, { path, blame }: Judged): string | undefined {
  if (['network', 'application', 'both'].includes(blame.verdict)) return blame.reasons[0];
  if (path.state === 'down' || path.state === 'degraded')
    return `the path under it is ${path.state}${path.reasons[0] === undefined ? '' : `: ${path.reasons[0]}`}`;
  if (counts === undefined) return undefined;
  const failed = counts.server_errors + counts.transport_failures;
  if (failed < 3 || failed < 0.05 * counts.requests) return undefined;
  return `${failed} of ${counts.requests} requests failed`;
}

function metricsOf(window: WindowFacts): { up: LinkMetrics; down: LinkMetrics } {
  const caller = window.signals.find(({ evidence }) => evidence === 'caller');
  const callee = window.signals.find(({ evidence }) => evidence === 'callee');
  const { counts } = window;
  const isTimed = counts !== undefined && (counts.countedBy === 'log' || counts.countedBy === 'span');
  const answers = (counts?.requests ?? 0) - (counts?.transport_failures ?? 0);
  return {
    up: {
      ...queueOf(caller),
      ...rates('bytes', positive(counts?.bytes_sent) ?? caller?.bytes_sent, window.durationMs),
      ...(isTimed ? rates('messages', counts.requests, window.durationMs) : {}),
    },
    down: {
      ...queueOf(callee),
      ...rates('bytes', positive(counts?.bytes_received) ?? callee?.bytes_sent, window.durationMs),
      ...(isTimed ? rates('messages', answers, window.durationMs) : {}),
    },
  };
}

/** Many logs have no sizes, and say nothing of them by 0: then the kernel of the sending side knows. */
function positive(bytes: number | undefined): number | undefined {
  return bytes === undefined || bytes === 0 ? undefined : bytes;
}

/** What the kernel of the sending side says. */
function queueOf(signals: SignalFacts | undefined): LinkMetrics {
  if (signals === undefined) return {};
  const { queue_bytes: queue, rtt_floor_ms, rtt_ms } = signals;
  // The smoothed time has the callee's own time in it.
  const rtt = rtt_floor_ms ?? rtt_ms;
  const depth =
    queue === undefined || queue.count === 0
      ? {}
      : {
          queue_depth: {
            count: queue.count,
            last: queue.last,
            min: queue.min,
            max: queue.max,
            avg: queue.sum / queue.count,
          },
          queue_max_depth: sampleOf(queue.max),
        };
  return { ...depth, ...(rtt === undefined ? {} : { net_latency: sampleOf(rtt) }) };
}

function rates(what: 'bytes' | 'messages', count: number | undefined, durationMs: number): LinkMetrics {
  if (count === undefined) return {};
  return {
    [`${what}_sent`]: sampleOf(count),
    [`${what}_per_second`]: sampleOf((count * 1000) / durationMs),
  };
}

/** A judge that lets the book see what it is asked and what it says. */
export function noting(judge: Judge, book: LinkBook): Judge {
  return {
    judge(facts, nowMs) {
      const judged = judge.judge(facts, nowMs);
      book.note(facts, judged, nowMs);
      return judged;
    },
    forget(ids) {
      judge.forget(ids);
      book.forget(ids);
    },
  };
}
