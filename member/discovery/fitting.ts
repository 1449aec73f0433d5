import type { TrafficSignals } from '@netring/contract/traffic';
import type { BucketDependency, BucketService, TrafficBucket } from '@netring/topology';

/** Dependencies that one bucket may tell of. */
export const mostInBucket = 2000;
/** What one bucket may take in a report: the registry takes 4 MB, and a report has more to carry. */
export const mostBucketBytes = 1_900_000;

export interface Fitted {
  bucket: TrafficBucket;
  signals: TrafficSignals[];
  /** About as long as it is in JSON. */
  bytes: number;
  /** Dependencies that found no room: those with the fewest requests. */
  left: number;
}

/** As much of a bucket as a report may carry: the dependencies with the most requests, and what belongs to them. */
export function fitted(bucket: TrafficBucket, signals: readonly TrafficSignals[]): Fitted {
  const whole = bytesOf(bucket, signals);
  if (
    bucket.dependencies.length <= mostInBucket &&
    signals.length <= mostInBucket &&
    whole <= mostBucketBytes
  )
    return { bucket, signals: [...signals], bytes: whole, left: 0 };
  // A third of the room is the signals' when they need it.
  const signalsBytes = Math.min(sum(signals, signalBytes), mostBucketBytes / 3);
  const kept = pickDependencies(bucket, mostBucketBytes - signalsBytes);
  const slim = withOnly(bucket, kept);
  const ends = new Set(slim.services.map(({ id }) => id));
  let roomBytes = mostBucketBytes - bytesOf(slim, []);
  const keptSignals = signals
    .filter(({ source, target }) => ends.has(source) && ends.has(target))
    .slice(0, mostInBucket)
    .filter((one) => (roomBytes -= signalBytes(one)) >= 0);
  return {
    bucket: slim,
    signals: keptSignals,
    bytes: bytesOf(slim, keptSignals),
    left: bucket.dependencies.length - kept.length,
  };
}

function pickDependencies({ dependencies, services }: TrafficBucket, mostBytes: number): BucketDependency[] {
  let roomBytes = mostBytes;
  const counted = new Set<number>();
  const ordered = [...dependencies].sort((a, b) => b.requests - a.requests).slice(0, mostInBucket);
  return ordered.filter((one) => {
    roomBytes -= dependencyBytes(one);
    for (const index of [one.source, one.target]) {
      if (counted.has(index)) continue;
      counted.add(index);
      roomBytes -= serviceBytes(services[index] as BucketService);
    }
    return roomBytes >= 0;
  });
}

/** The bucket with these dependencies only, and the services that they need. */
function withOnly(bucket: TrafficBucket, dependencies: readonly BucketDependency[]): TrafficBucket {
  const indexes = new Map<number, number>();
  const indexOf = (old: number): number => {
    const known = indexes.get(old);
    if (known !== undefined) return known;
    indexes.set(old, indexes.size);
    return indexes.size - 1;
  };
  const moved = dependencies.map((one) => ({
    ...one,
    source: indexOf(one.source),
    target: indexOf(one.target),
  }));
  const services = [...indexes.keys()].map((old) => bucket.services[old] as BucketService);
  return { ...bucket, services, dependencies: moved };
}

/** Lengths in JSON, estimated: writing it twice would cost more than being a little too careful. */
function bytesOf({ services, dependencies }: TrafficBucket, signals: readonly TrafficSignals[]): number {
  return 300 + sum(services, serviceBytes) + sum(dependencies, dependencyBytes) + sum(signals, signalBytes);
}

const serviceBytes = ({ id, name, listeners, network = '' }: BucketService): number =>
  90 + 2 * (id.length + name.length + network.length) + listeners.length * 180;
const dependencyBytes = ({ latency }: BucketDependency): number => 480 + latency.length * 5;
const signalBytes = (signals: TrafficSignals): number =>
  150 + 2 * (signals.source.length + signals.target.length) + Object.keys(signals).length * 35;

function sum<T>(list: readonly T[], bytes: (one: T) => number): number {
  let all = 0;
  for (const one of list) all += bytes(one);
  return all;
}
