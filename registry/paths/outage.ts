import type { Path, ReportTime } from './path-book.ts';
import type { BucketTotals } from './window.ts';

/** Whether a check failed in this bucket because nothing answered it. */
export function wasSilent({ failed, lost }: Pick<BucketTotals, 'failed' | 'lost'>): boolean {
  return failed > 0 && lost > 0;
}

/**
 * Until when a path was not up, by its totals around the bucket of `time`: a member that was cut off itself tells of an
 * outage when it is over, so that nobody here ever saw the path down. 0 when something answered meanwhile.
 */
export function outageEndMs(path: Pick<Path, 'checks'>, time: Pick<ReportTime, 'boot' | 'n'>): number {
  let endMs = 0;
  for (const { buckets } of path.checks) {
    // The checks of one outage may end in two buckets.
    const silent = buckets.filter(
      (one) => one.boot === time.boot && Math.abs(one.n - time.n) <= 1 && wasSilent(one),
    );
    if (silent.length === 0) return 0;
    // Buckets that began before this moment are history, those of the outage among them.
    endMs = Math.max(endMs, ...silent.map(({ startedMs }) => startedMs + 1));
  }
  return endMs;
}
