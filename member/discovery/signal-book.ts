import type { TrafficSignals } from '@netring/contract/traffic';
import type { SignalsOf, SignalValues } from './collector.ts';
import { addSignals, signalsOfSum, type SignalSum } from './signal-sums.ts';

/** As many as the registry takes of one bucket, with room for what others send. */
export const mostSignals = 4000;

interface BucketSignals {
  /** By source, then target; few have more than one protocol or kind of evidence. */
  bySource: Map<string, Map<string, SignalSum[]>>;
  count: number;
  /** Grows with everything told. */
  changes: number;
}

/** What kernel and proxies know of dependencies, by bucket. */
export interface SignalBook {
  add: (of: SignalsOf, values: SignalValues) => void;
  /** Starts of the buckets that hold something, each with how much was told of it. */
  buckets: () => Iterable<{ startMs: number; changes: number }>;
  of: (startMs: number) => TrafficSignals[];
  dropBefore: (startMs: number) => void;
  /** Told of dependencies that found no room. */
  dropped: () => number;
}

export function createSignalBook(bucketMs: number): SignalBook {
  const buckets = new Map<number, BucketSignals>();
  let dropped = 0;
  /** Where the last one was added: sources speak of one dependency many times in a row. */
  let last: { startMs: number; sum: SignalSum; bucket: BucketSignals } | undefined;

  const bucketAt = (startMs: number): BucketSignals => {
    let bucket = buckets.get(startMs);
    if (bucket === undefined) buckets.set(startMs, (bucket = { bySource: new Map(), count: 0, changes: 0 }));
    return bucket;
  };
  const sumIn = (bucket: BucketSignals, of: SignalsOf): SignalSum | undefined => {
    let byTarget = bucket.bySource.get(of.source);
    if (byTarget === undefined) bucket.bySource.set(of.source, (byTarget = new Map<string, SignalSum[]>()));
    const known = byTarget.get(of.target);
    const found = known?.find((one) => isOf(one, of));
    if (found !== undefined) return found;
    if (bucket.count >= mostSignals) return undefined;
    bucket.count++;
    const { source, target, protocol, evidence } = of;
    const made: SignalSum = { of: { source, target, protocol, evidence }, values: {}, looks: [] };
    if (known === undefined) byTarget.set(target, [made]);
    else known.push(made);
    return made;
  };
  return {
    add(of, values) {
      const startMs = Math.floor(of.atMs / bucketMs) * bucketMs;
      if (last?.startMs !== startMs || !isSame(last.sum, of)) {
        const bucket = bucketAt(startMs);
        const sum = sumIn(bucket, of);
        if (sum === undefined) {
          dropped++;
          return;
        }
        last = { startMs, sum, bucket };
      }
      addSignals(last.sum, values);
      last.bucket.changes++;
    },
    *buckets() {
      for (const [startMs, { changes }] of buckets) yield { startMs, changes };
    },
    of: (startMs) =>
      [...(buckets.get(startMs)?.bySource.values() ?? [])]
        .flatMap((byTarget) => [...byTarget.values()].flat())
        .map(signalsOfSum),
    dropBefore(startMs) {
      for (const one of buckets.keys()) if (one < startMs) buckets.delete(one);
      last = undefined;
    },
    dropped: () => dropped,
  };
}

function isOf({ of }: SignalSum, { protocol, evidence }: SignalsOf): boolean {
  return of.protocol === protocol && of.evidence === evidence;
}

function isSame(sum: SignalSum, of: SignalsOf): boolean {
  return sum.of.source === of.source && sum.of.target === of.target && isOf(sum, of);
}
