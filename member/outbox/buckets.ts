import { bucketMs, type PathTotals } from '@netring/contract/report';
import type { Measured } from '../probe/index.ts';
import { addTo, firstTotals, type Naming } from './totals.ts';

/** One bucket of time as it is kept: its totals so far, and how much of them the registry has. */
export interface Bucket {
  n: number;
  startedMs: number;
  paths: Map<string, PathTotals>;
  /** Counts up with every finding. */
  revision: number;
  /** The revision that the registry has acknowledged. */
  acknowledged: number;
}

/** The buckets of one boot, oldest first, within a bound. */
export interface Buckets {
  add(measured: Measured, naming: Naming): void;
  /** Something of the member itself has changed: the bucket now open is to be reported, even with nothing in it. */
  touch(): void;
  /** The bucket to report next: the oldest that the registry does not have in full, so that a closed one's last state comes before the open one. */
  next(): Bucket | undefined;
  acknowledge(bucket: Bucket, revision: number): void;
  /** The registry has forgotten us: what is younger than `ageMs` is sent again. */
  forgetAcknowledged(ageMs: number): void;
  /** Buckets that the registry does not have in full. */
  waiting(): number;
  /** Buckets given up because there were too many. */
  dropped(): number;
}

/**
 * @param kept buckets kept at most; beyond that the oldest is dropped, and counted when the registry had not got it
 * @param keepMs acknowledged buckets are kept this long, for a registry that lost its store
 */
export function createBuckets(needs: {
  bootMs: number;
  kept: number;
  keepMs: number;
  now: () => number;
}): Buckets {
  const { bootMs, kept, keepMs, now } = needs;
  let buckets: Bucket[] = [];
  let dropped = 0;

  const bucketAt = (atMs: number): Bucket => {
    const n = Math.max(0, Math.floor((atMs - bootMs) / bucketMs));
    const last = buckets.at(-1);
    // A finding that crossed the rollover on its way belongs to the bucket now open: acknowledged ones stay closed.
    if (last !== undefined && last.n >= n) return last;
    const opened = { n, startedMs: bootMs + n * bucketMs, paths: new Map(), revision: 0, acknowledged: 0 };
    buckets.push(opened);
    return opened;
  };
  const trim = () => {
    const oldMs = now() - keepMs - bucketMs;
    buckets = buckets.filter(
      (one) => !isAcknowledged(one) || one.startedMs > oldMs || one === buckets.at(-1),
    );
    while (buckets.length > kept) {
      const oldest = buckets.shift() as Bucket;
      if (!isAcknowledged(oldest)) dropped++;
    }
  };
  return {
    add(measured, naming) {
      const bucket = bucketAt(now());
      const totals = bucket.paths.get(measured.key);
      if (totals === undefined) bucket.paths.set(measured.key, firstTotals(naming, measured));
      else addTo(totals, measured);
      bucket.revision++;
      trim();
    },
    touch() {
      bucketAt(now()).revision++;
      trim();
    },
    next: () => buckets.find((one) => !isAcknowledged(one)),
    acknowledge(bucket, revision) {
      bucket.acknowledged = Math.max(bucket.acknowledged, revision);
    },
    forgetAcknowledged(ageMs) {
      const oldMs = now() - ageMs - bucketMs;
      for (const one of buckets) if (one.startedMs > oldMs) one.acknowledged = 0;
    },
    waiting: () => buckets.filter((one) => !isAcknowledged(one)).length,
    dropped: () => dropped,
  };
}

function isAcknowledged(bucket: Bucket): boolean {
  return bucket.acknowledged >= bucket.revision;
}
