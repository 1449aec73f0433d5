import { bucketMs } from '@netring/contract/report';
import { largestBucket, mergeHistograms, valueOf, type Histogram } from '@netring/contract/histogram';

/** The totals of a path cover this long: long enough for a median, short enough to show a change. */
export const windowMs = 60_000;

/** How many closed buckets are kept, in the store as well: the window, and the one under way. */
export const bucketsKept = Math.ceil(windowMs / bucketMs) + 1;

/** In memory they stay longer: a minute of history is complete only when its last bucket is, and was reported. */
export const keptMs = windowMs + 3 * bucketMs;

/** Beyond this many in a minute a member invents them: twice what it has, since a member that starts anew begins afresh. */
const bucketsAtMost = 2 * (Math.ceil(keptMs / bucketMs) + 1);

/** One bucket of one check, as its member last reported it. */
export interface BucketTotals {
  boot: string;
  n: number;
  /** Of the report that it stands in: of two states of a bucket the one that was sent later holds. */
  seq: number;
  startedMs: number;
  checks: number;
  failed: number;
  voided: number;
  sent: number;
  lost: number;
  latency: Histogram;
}

/** Puts `one` in the place of its earlier state, and lets go what has left the window. */
export function keepBucket(buckets: BucketTotals[], one: BucketTotals, nowMs: number): void {
  for (let at = buckets.length - 1; at >= 0; at--) {
    const kept = buckets[at] as BucketTotals;
    if (kept.n === one.n && kept.boot === one.boot) {
      if (one.seq >= kept.seq) buckets[at] = one;
      return;
    }
  }
  buckets.push(one);
  const oldestMs = nowMs - keptMs;
  while (buckets.length > 1 && (buckets[0] as BucketTotals).startedMs < oldestMs) buckets.shift();
  if (buckets.length > bucketsAtMost) buckets.shift();
}

/** Totals of all buckets that reach into the window. */
export interface WindowTotals {
  checks: number;
  failed: number;
  voided: number;
  sent: number;
  lost: number;
}

export function sumBuckets(buckets: readonly BucketTotals[], nowMs: number): WindowTotals {
  const sum: WindowTotals = { checks: 0, failed: 0, voided: 0, sent: 0, lost: 0 };
  for (const one of buckets) {
    if (!inWindow(one, nowMs)) continue;
    sum.checks += one.checks;
    sum.failed += one.failed;
    sum.voided += one.voided;
    sum.sent += one.sent;
    sum.lost += one.lost;
  }
  return sum;
}

/** What was lost in the window, in buckets that began at `sinceMs` or later. */
export interface LossTotals {
  sent: number;
  lost: number;
  /** Rounds that lost something: results where each is one attempt, else buckets. */
  lossyRounds: number;
}

export function lossIn(
  buckets: readonly BucketTotals[],
  nowMs: number,
  sinceMs: number,
  roundIs: 'result' | 'bucket',
): LossTotals {
  const sum: LossTotals = { sent: 0, lost: 0, lossyRounds: 0 };
  for (const one of buckets) {
    if (!inWindow(one, nowMs) || one.startedMs < sinceMs) continue;
    sum.sent += one.sent;
    sum.lost += one.lost;
    if (one.lost > 0) sum.lossyRounds += roundIs === 'result' ? Math.max(1, one.failed) : 1;
  }
  return sum;
}

/** The latencies of one check within the window. */
export function latencyIn(buckets: readonly BucketTotals[], nowMs: number): Histogram {
  return mergeHistograms(buckets.filter((one) => inWindow(one, nowMs)).map((one) => one.latency));
}

/** Adds up the latencies of many checks without making lists: one array of counts. */
export interface LatencySum {
  add(buckets: readonly BucketTotals[], nowMs: number): void;
  /** The value at `share` (0–1), milliseconds; `undefined` without values. */
  at(share: number): number | undefined;
}

export function createLatencySum(): LatencySum {
  const counts = new Float64Array(largestBucket + 1);
  let total = 0;
  return {
    add(buckets, nowMs) {
      for (const one of buckets) {
        if (!inWindow(one, nowMs)) continue;
        const list = one.latency;
        for (let i = 0; i + 1 < list.length; i += 2) {
          const count = list[i + 1] as number;
          counts[list[i] as number] = (counts[list[i] as number] as number) + count;
          total += count;
        }
      }
    },
    at(share) {
      if (total === 0) return undefined;
      const rank = share * (total - 1);
      let seen = 0;
      for (let bucket = 0; bucket <= largestBucket; bucket++) {
        seen += counts[bucket] as number;
        if (seen > rank) return round(valueOf(bucket));
      }
      return undefined;
    },
  };
}

/** Whether a bucket reaches into the last minute. */
export function inWindow(one: BucketTotals, nowMs: number): boolean {
  return one.startedMs + bucketMs > nowMs - windowMs;
}

/** Microseconds are the finest that a probe tells. */
export function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
