import type { Baseline } from '@netring/contract/baseline';
import { bucketOf, percentile } from '@netring/contract/histogram';
import type { Saying } from './evidence.ts';
import { inWindow, latencyIn, round, type BucketTotals } from './window.ts';

/** Fewer latencies, or buckets of them, are no median to go by. */
const leastValues = 5;
const leastBuckets = 2;

/** Above this, a median is slower than usual: three spreads, a tenth or 2 ms above the usual one, whichever is most. */
export function slowFromMs({ median_ms, spread_ms }: Baseline): number {
  return median_ms + Math.max(3 * spread_ms, 0.1 * median_ms, 2);
}

/** The median of the window where it is slower than usual; counts without merging, since it is nearly always as usual. */
export function slowMedian(
  buckets: readonly BucketTotals[],
  usual: Baseline,
  nowMs: number,
  sinceMs: number,
): number | undefined {
  const limit = bucketOf(slowFromMs(usual));
  let values = 0;
  let above = 0;
  let bucketsAbove = 0;
  const counted: BucketTotals[] = [];
  for (const one of buckets) {
    if (!inWindow(one, nowMs) || one.startedMs < sinceMs) continue;
    const found = countAbove(one, limit);
    values += found.values;
    above += found.above;
    if (found.above > 0) bucketsAbove++;
    counted.push(one);
  }
  if (values < leastValues || bucketsAbove < leastBuckets || 2 * above <= values) return undefined;
  return percentile(latencyIn(counted, nowMs), 0.5);
}

/** How many values a bucket has, and how many of them lie above `limit`, a bucket of the histogram. */
export function countAbove(bucket: BucketTotals, limit: number): { values: number; above: number } {
  const { latency } = bucket;
  let values = 0;
  let above = 0;
  for (let at = 0; at + 1 < latency.length; at += 2) {
    values += latency[at + 1] as number;
    if ((latency[at] as number) > limit) above += latency[at + 1] as number;
  }
  return { values, above };
}

const what = { tcp: 'TCP connect', http: 'HTTP first byte', icmp: 'ICMP round trip', udp: 'UDP round trip' };

export function slowReasons(one: Saying): string[] {
  if (one.slow === undefined) return [];
  const { medianMs, usual } = one.slow;
  const spread = `± ${round(usual.spread_ms)}`;
  return [
    `${what[one.last.kind]}: median ${tenths(medianMs)} ms within a minute, usually ${tenths(usual.median_ms)} ${spread} ms`,
  ];
}

function tenths(ms: number): number {
  return ms < 1 ? round(ms) : Math.round(10 * ms) / 10;
}
