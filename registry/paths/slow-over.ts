import type { Baseline } from '@netring/contract/baseline';
import { bucketOf } from '@netring/contract/histogram';
import { bucketMs } from '@netring/contract/report';
import { countAbove, slowFromMs } from './slowness.ts';
import type { BucketTotals } from './window.ts';

/** So long without slowness is no pause of it. */
const leastFineMs = 15_000;
/** A path that went on as slow as before would show as few slow values in fewer than one of a thousand such stretches. */
const leastConfidence = 0.999;
/** However slow it was: some values would be as usual. */
const mostShare = 0.95;

/** What one kind of check found on a path, and what is usual for it there. */
export interface KindOfPath {
  buckets: readonly BucketTotals[];
  usual: Baseline;
}

/**
 * Before which moment slow values explain what was, not what is, by what the kinds that were slow have measured since,
 * together: too few are slow for that to be chance at the share before. So a kind that is measured seldom need not wait
 * for its own median. 0 where that cannot be told.
 */
export function slowOverMs(kinds: readonly KindOfPath[], nowMs: number): number {
  const wereSlow = kinds.filter((one) => lastSlowMs(one) > 0);
  const overMs = Math.max(0, ...wereSlow.map(lastSlowMs));
  if (overMs === 0 || nowMs - overMs < leastFineMs) return 0;
  const before = { values: 0, above: 0 };
  const since = { values: 0, above: 0 };
  for (const { buckets, usual } of wereSlow) {
    const limit = bucketOf(slowFromMs(usual));
    for (const one of buckets) {
      const { values, above } = countAbove(one, limit);
      if (one.startedMs < overMs && 2 * above <= values) continue;
      const sum = one.startedMs < overMs ? before : since;
      sum.values += values;
      sum.above += above;
    }
  }
  const share = Math.min(mostShare, before.above / before.values);
  return chanceOfSoFew(since.above, since.values, share) <= 1 - leastConfidence ? overMs : 0;
}

/** How likely `found` or fewer of `of` are, each by itself with the chance `share`: the lower tail of the binomial distribution. */
function chanceOfSoFew(found: number, of: number, share: number): number {
  let logOfTerm = of * Math.log(1 - share);
  let sum = Math.exp(logOfTerm);
  for (let at = 0; at < found; at++) {
    logOfTerm += Math.log(((of - at) / (at + 1)) * (share / (1 - share)));
    sum += Math.exp(logOfTerm);
  }
  return sum;
}

/** The end of the last bucket in which most values were slow; 0: there is none. */
function lastSlowMs({ buckets, usual }: KindOfPath): number {
  const limit = bucketOf(slowFromMs(usual));
  let lastMs = 0;
  for (const one of buckets) {
    const { values, above } = countAbove(one, limit);
    if (2 * above > values) lastMs = Math.max(lastMs, one.startedMs + bucketMs);
  }
  return lastMs;
}
