import type { Baseline } from '@netring/contract/baseline';
import { bucketOf } from '@netring/contract/histogram';
import { bucketMs } from '@netring/contract/report';
import { countAbove, slowFromMs } from './slowness.ts';
import type { BucketTotals } from './window.ts';

/** So long without slowness is no pause of it. */
const leastFineMs = 15_000;
/** A path whose median is still slow shows so few slow values, by three standard deviations, once in a thousand stretches. */
const deviations = 3.1;

/** What one kind of check found on a path, and what is usual for it there. */
export interface KindOfPath {
  buckets: readonly BucketTotals[];
  usual: Baseline;
}

/**
 * Before which moment slow values explain what was, not what is, by what was measured since: of the kinds that were slow,
 * together, too few are slow for that to be chance. So a kind that is measured seldom need not wait for its own median.
 * 0 where that cannot be told.
 */
export function slowOverMs(kinds: readonly KindOfPath[], nowMs: number): number {
  const wereSlow = kinds.filter((one) => lastSlowMs(one) > 0);
  const overMs = Math.max(0, ...wereSlow.map(lastSlowMs));
  if (overMs === 0 || nowMs - overMs < leastFineMs) return 0;
  let [values, above] = [0, 0];
  for (const { buckets, usual } of wereSlow) {
    const limit = bucketOf(slowFromMs(usual));
    for (const one of buckets) {
      if (one.startedMs < overMs) continue;
      const counted = countAbove(one, limit);
      values += counted.values;
      above += counted.above;
    }
  }
  return above < values / 2 - (deviations * Math.sqrt(values)) / 2 ? overMs : 0;
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
