import {
  defaultHealth,
  healthOf,
  histogramValueMs,
  HistogramSum,
  type Health,
  type Histogram,
} from '@netring/topology';
import type { WindowFacts } from '../facts.ts';

/** So long without trouble is no pause of it. */
const leastCalmMs = 10_000;
/** Fewer requests that do well say nothing, whatever went before. */
const leastCalm = 3;
/** Requests that went on as before would all do well in fewer than one of a thousand such stretches. */
const leastConfidence = 0.999;

/** Trouble that is over: since when (epoch milliseconds), and what was seen afterwards. */
export interface TroubleOver {
  overMs: number;
  since: readonly WindowFacts[];
}

/**
 * Whether requests failed, or took too long, and enough of them have done well since to say that this is over. `undefined`
 * where there was no such trouble, or nobody can tell yet. What was seen alone decides, not when it is asked.
 *
 * @param windows of one dependency, oldest first
 */
export function troubleOver(windows: readonly WindowFacts[]): TroubleOver | undefined {
  const last = windows.findLastIndex((one) => troubledIn(one) > 0);
  const [bad, newest] = [windows[last], windows.at(-1)];
  if (bad === undefined || newest === undefined) return undefined;
  const overMs = bad.startMs + bad.durationMs;
  const since = windows.slice(last + 1);
  const calm = requestsIn(since);
  if (newest.startMs - overMs < leastCalmMs || calm < leastCalm) return undefined;
  const before = windows.slice(0, last + 1);
  const troubled = before.reduce((sum, one) => sum + troubledIn(one), 0);
  const share = Math.min(1, troubled / requestsIn(before));
  return (1 - share) ** calm <= 1 - leastConfidence ? { overMs, since } : undefined;
}

/** How a dependency did in some windows. */
export function healthIn(windows: readonly WindowFacts[]): Health {
  const latency = new HistogramSum();
  const sum = { requests: 0, judged: 0, failed: 0 };
  for (const { counts } of windows) {
    if (counts === undefined) continue;
    sum.requests += counts.requests;
    sum.judged += counts.requests - counts.unjudged;
    sum.failed += counts.server_errors + counts.transport_failures;
    latency.add(counts.latency);
  }
  const [p95Ms] = latency.percentiles([0.95]) ?? [];
  return healthOf({ ...sum, p95Ms });
}

/** Requests that failed, or took as long as makes a dependency slow. */
function troubledIn({ counts }: WindowFacts): number {
  if (counts === undefined) return 0;
  return counts.server_errors + counts.transport_failures + slowIn(counts.latency);
}

function slowIn(latency: Histogram): number {
  let slow = 0;
  for (let at = 0; at + 1 < latency.length; at += 2)
    if (histogramValueMs(latency[at] as number) >= defaultHealth.slowMs) slow += latency[at + 1] as number;
  return slow;
}

function requestsIn(windows: readonly WindowFacts[]): number {
  return windows.reduce((sum, { counts }) => sum + (counts?.requests ?? 0), 0);
}
