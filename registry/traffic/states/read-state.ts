import { endOf } from '@netring/contract/end';
import { describeInvalid } from '@netring/contract/error';
import { trafficState, type TrafficState } from '@netring/contract/traffic';
import { bucketObjection, type TrafficBucket } from '@netring/topology';
import { slotMs } from './member-clock.ts';

export type ReadState =
  | { outcome: 'read'; state: TrafficState & { bucket: TrafficBucket } }
  | { outcome: 'refused'; field?: string; reason: string };

/** Judges one bucket of traffic as a member sent it. */
export function readState(record: unknown): ReadState {
  const parsed = trafficState.safeParse(record);
  if (!parsed.success) {
    const { error } = describeInvalid(parsed.error);
    return {
      outcome: 'refused',
      reason: error.message,
      ...(error.field !== undefined && { field: error.field }),
    };
  }
  const reason = bucketObjection(parsed.data.bucket);
  if (reason !== undefined) return { outcome: 'refused', field: 'bucket', reason: `bucket.${reason}` };
  const bucket = parsed.data.bucket as TrafficBucket;
  if (bucket.duration_ms !== slotMs)
    return { outcome: 'refused', field: 'bucket', reason: `bucket.duration_ms: must be ${slotMs}` };
  const stranger = bucket.services.findIndex(({ id }) => endOf(id) === undefined);
  if (stranger >= 0)
    return {
      outcome: 'refused',
      field: 'bucket',
      reason: `bucket.services.${stranger}.id: must be an end, such as service:orders or address:10.1.0.5:80`,
    };
  return { outcome: 'read', state: { ...parsed.data, bucket } };
}
