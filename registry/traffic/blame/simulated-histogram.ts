import type { Histogram } from '@netring/topology';

/** Buckets of the topology library's histograms: 2 % either way, from a microsecond on. */
const perLog = 1 / Math.log(1.02 / 0.98);

/** The histogram that the topology library makes of these latencies. */
export function createHistogramOf(latenciesMs: readonly number[]): Histogram {
  const counts = new Map<number, number>();
  for (const ms of latenciesMs) {
    const bucket = Math.max(0, Math.ceil(Math.log(ms * 1000) * perLog));
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => a[0] - b[0]).flat();
}
