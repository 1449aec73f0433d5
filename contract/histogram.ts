/**
 * Latency histograms with fixed logarithmic buckets, mergeable by addition: the bucket boundaries of DDSketch
 * (Masson, Rim, Lee, VLDB 2019) with a relative error of at most 1 % at any percentile: people
 * hold our medians against `ping`'s.
 *
 * A histogram is a flat, sparse list `[bucket, count, bucket, count, …]` in ascending order of buckets: small to send,
 * and two of them add up without agreeing on a range first.
 */
export type Histogram = number[];

const relativeError = 0.01;
const gamma = (1 + relativeError) / (1 - relativeError);
const logGamma = Math.log(gamma);
/** Bucket 0 holds everything up to a microsecond; an hour is bucket 1101. */
const smallestMs = 0.001;
export const largestBucket = 1101;

/** The bucket that a duration falls into. */
export function bucketOf(ms: number): number {
  if (!(ms > smallestMs)) return 0;
  return Math.min(largestBucket, Math.ceil(Math.log(ms / smallestMs) / logGamma));
}

/** The value that stands for a bucket, in milliseconds: within 1 % of everything that fell into it. */
export function valueOf(bucket: number): number {
  if (bucket === 0) return smallestMs;
  return (smallestMs * 2 * gamma ** bucket) / (gamma + 1);
}

/** Adds `count` values of `ms` to `histogram`, in place. */
export function record(histogram: Histogram, ms: number, count = 1): void {
  const bucket = bucketOf(ms);
  let at = 0;
  while (at < histogram.length && (histogram[at] as number) < bucket) at += 2;
  if (histogram[at] === bucket) histogram[at + 1] = (histogram[at + 1] as number) + count;
  else histogram.splice(at, 0, bucket, count);
}

/** The sum of histograms, as a new one. */
export function mergeHistograms(histograms: Iterable<Histogram>): Histogram {
  const counts = new Map<number, number>();
  for (const one of histograms) {
    for (let at = 0; at + 1 < one.length; at += 2) {
      const bucket = one[at] as number;
      counts.set(bucket, (counts.get(bucket) ?? 0) + (one[at + 1] as number));
    }
  }
  return [...counts].sort((a, b) => a[0] - b[0]).flat();
}

/** The value at `share` (0–1) of all recorded ones, in milliseconds; `undefined` when nothing was recorded. */
export function percentile(histogram: Histogram, share: number): number | undefined {
  let total = 0;
  for (let at = 1; at < histogram.length; at += 2) total += histogram[at] as number;
  if (total === 0) return undefined;
  const rank = share * (total - 1);
  let seen = 0;
  for (let at = 0; at + 1 < histogram.length; at += 2) {
    seen += histogram[at + 1] as number;
    if (seen > rank) return valueOf(histogram[at] as number);
  }
  return valueOf(histogram[histogram.length - 2] as number);
}
