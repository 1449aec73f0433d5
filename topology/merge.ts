import { bucketObjection } from './check-bucket.ts';
import type { Knowledge } from './knowledge.ts';
import { importBucket } from './merge-bucket.ts';
import type { TrafficBucket } from './traffic-bucket.ts';

/** `older`: a newer state of the same bucket is already here. `dropped`: dependencies that found no room. */
export type MergeOutcome =
  { outcome: 'taken'; dropped: number } | { outcome: 'older' } | { outcome: 'refused'; reason: string };

/** Puts what another reporter has counted in place of what it said of that bucket before. Never throws. */
export function mergeInto(knowledge: Knowledge, bucket: TrafficBucket): MergeOutcome {
  const reason = bucketObjection(bucket) ?? placeObjection(knowledge, bucket);
  if (reason !== undefined) return { outcome: 'refused', reason };
  const { timeline, directory, book, filters } = knowledge;
  const before = timeline.reported(bucket.reporter, bucket.start_ms);
  if (before !== undefined && before.observations >= bucket.observations) return { outcome: 'older' };
  const imported = importBucket(bucket, directory, book, (name) => filters.number(name));
  timeline.put(bucket.reporter, imported.bucket, imported.newestMs);
  return { outcome: 'taken', dropped: imported.dropped };
}

/** Why a bucket has no place among those kept here; `undefined` when it has one. */
function placeObjection({ settings, timeline }: Knowledge, bucket: TrafficBucket): string | undefined {
  const durationMs = bucket.duration_ms === 0 ? Infinity : bucket.duration_ms;
  if (durationMs !== settings.bucketMs || timeline.startOf(bucket.start_ms) !== bucket.start_ms)
    return 'start_ms, duration_ms: not one of the buckets kept here';
  if (timeline.objection(bucket.start_ms) === 'in_future') return 'start_ms: in_future';
  const lastMs = durationMs === Infinity ? Infinity : bucket.start_ms + durationMs - 1;
  return timeline.objection(lastMs) === 'too_old' ? 'start_ms: too_old' : undefined;
}
