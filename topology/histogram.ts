import { bucketTable } from './bucket-table.ts';

/**
 * Latency histograms with fixed logarithmic buckets, mergeable by addition: the bucket boundaries of DDSketch
 * (Masson, Rim, Lee, VLDB 2019) with a relative error of at most 2 % at any percentile. A histogram is a flat, sparse
 * list `[bucket, count, bucket, count, …]` in ascending order of buckets.
 */
export type Histogram = number[];

const relativeError = 0.02;
const gamma = (1 + relativeError) / (1 - relativeError);
const perLog = 1 / Math.log(gamma);
/** Bucket 0 holds everything up to a microsecond. */
const smallestMs = 0.001;
/** An hour; what takes longer is counted as an hour. */
const largestMs = 3_600_000;
export const largestBucket = Math.ceil(Math.log(largestMs / smallestMs) * perLog);

/** The bucket that a duration falls into, as it is defined. */
export function bucketByLogarithm(ms: number): number {
  if (!(ms > smallestMs)) return 0;
  return Math.min(largestBucket, Math.ceil(Math.log(ms * 1000) * perLog));
}

const table = bucketTable(bucketByLogarithm, smallestMs, largestMs);

/** The bucket that a duration falls into: the same as {@link bucketByLogarithm}, several times faster. */
export function bucketOf(ms: number): number {
  if (!(ms > smallestMs)) return 0;
  return ms < largestMs ? table.bucketOf(ms) : largestBucket;
}

/** The value that stands for a bucket, in milliseconds: within 2 % of everything that fell into it. */
export function valueOf(bucket: number): number {
  return bucket === 0 ? smallestMs : (smallestMs * 2 * gamma ** bucket) / (gamma + 1);
}

/** A histogram that others are added to: one count for every bucket. */
export class HistogramSum {
  readonly #counts = new Float64Array(largestBucket + 1);
  #total = 0;
  /** Buckets in use lie between these, both inclusive. */
  #low = largestBucket;
  #high = 0;

  add(histogram: Histogram): void {
    for (let at = 0; at + 1 < histogram.length; at += 2)
      this.addCount(histogram[at] as number, histogram[at + 1] as number);
  }

  addCount(bucket: number, count: number): void {
    this.#counts[bucket] = (this.#counts[bucket] as number) + count;
    this.#total += count;
    if (bucket < this.#low) this.#low = bucket;
    if (bucket > this.#high) this.#high = bucket;
  }

  /**
   * The value at each of the `shares` (0–1, ascending), in milliseconds; `undefined` when nothing was added. None is more
   * than `mostMs`, the greatest that was recorded: a bucket's value may lie 2 % above it.
   */
  percentiles(shares: readonly number[], mostMs = Infinity): number[] | undefined {
    if (this.#total <= 0) return undefined;
    let bucket = this.#low - 1;
    let seen = 0;
    return shares.map((share) => {
      const rank = share * Math.max(0, this.#total - 1);
      while (seen <= rank && bucket < largestBucket) seen += this.#counts[++bucket] as number;
      return Math.min(mostMs, valueOf(bucket));
    });
  }

  toHistogram(): Histogram {
    const histogram: Histogram = [];
    for (let bucket = this.#low; bucket <= this.#high; bucket++) {
      const count = this.#counts[bucket] as number;
      if (count > 0) histogram.push(bucket, count);
    }
    return histogram;
  }

  clear(): void {
    if (this.#low <= this.#high) this.#counts.fill(0, this.#low, this.#high + 1);
    this.#total = 0;
    this.#low = largestBucket;
    this.#high = 0;
  }
}

/** The sum of histograms, as a new one. */
export function mergeHistograms(histograms: Iterable<Histogram>): Histogram {
  const sum = new HistogramSum();
  for (const one of histograms) sum.add(one);
  return sum.toHistogram();
}

/** The value at `share` (0–1) of all recorded ones, in milliseconds; `undefined` when nothing was recorded. */
export function percentile(histogram: Histogram, share: number): number | undefined {
  const sum = new HistogramSum();
  sum.add(histogram);
  return sum.percentiles([share])?.[0];
}
