import type { Bucket } from './bucket.ts';
import { fields, rowLength } from './cell.ts';
import { isApiPath } from './classifier.ts';
import type { ObservationLike } from './check-observation.ts';
import type { Track } from './entries.ts';

/**
 * Counts an observation of a track in a bucket. `isTurned`: it was seen from the end that answers, so what that end
 * sent is what the caller received.
 */
export function recordObservation(
  bucket: Bucket,
  track: Track,
  observation: ObservationLike,
  atMs: number,
  weight: number,
  isTurned: boolean,
  percentiles: boolean,
): void {
  if (track.bucketSerial !== bucket.serial) {
    track.slot = bucket.slotOf(track);
    track.bucketSerial = bucket.serial;
  }
  const rows = bucket.rows;
  const at = track.slot * rowLength;
  const { bytes_sent = 0, bytes_received = 0, latency_ms, path, status_code = 0, failed } = observation;
  const times = weight === 0 ? 1 : weight;
  bucket.observations += times;
  rows[at + fields.requests]! += weight;
  rows[at + fields.bytesSent]! += times * (isTurned ? bytes_received : bytes_sent);
  rows[at + fields.bytesReceived]! += times * (isTurned ? bytes_sent : bytes_received);
  if (rows[at + fields.lastSeen]! < atMs) rows[at + fields.lastSeen] = atMs;
  if (rows[at + fields.firstSeen]! > atMs) {
    rows[at + fields.firstSeen] = atMs;
    if (track.firstSeenMs > atMs) track.firstSeenMs = atMs;
  }
  if (weight === 0) return;
  if (path !== undefined && isApiPath(path)) rows[at + fields.apiRequests]! += weight;
  if (status_code < 100 || status_code >= 400) recordFailure(rows, at, status_code, failed, weight);
  if (latency_ms === undefined) return;
  rows[at + fields.latencySum]! += weight * latency_ms;
  rows[at + fields.latencyCount]! += weight;
  if (rows[at + fields.latencyMax]! < latency_ms) rows[at + fields.latencyMax] = latency_ms;
  if (percentiles) bucket.latencies.record(track.slot, latency_ms, weight);
}

/** A status says more than that there was no answer; 499 is nginx's word for a client that did not wait. */
function recordFailure(
  rows: Float64Array,
  at: number,
  status: number,
  failed: boolean | undefined,
  weight: number,
): void {
  if (status === 499) rows[at + fields.clientGone]! += weight;
  else if (status >= 500) rows[at + fields.serverErrors]! += weight;
  else if (status >= 400) rows[at + fields.clientErrors]! += weight;
  else if (failed === true) rows[at + fields.transportFailures]! += weight;
  else if (failed === undefined) rows[at + fields.unjudged]! += weight;
}
