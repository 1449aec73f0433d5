import type { Bucket } from './bucket.ts';
import { fields, rowLength } from './cell.ts';
import { isApiPath } from './classifier.ts';
import type { ObservationLike } from './check-observation.ts';

// Numbers of this module become part of its machine code; those of another are looked up each time.
const { requests, bytesSent, bytesReceived, latencySum, latencyCount, latencyMax } = fields;
const { firstSeen, lastSeen, apiRequests } = fields;
const { clientErrors, serverErrors, clientGone, transportFailures, unjudged } = fields;
const width = rowLength;

/**
 * Counts an observation in a slot of a bucket. `isTurned`: it was seen from the end that answers, so what that end
 * sent is what the caller received.
 */
export function recordObservation(
  bucket: Bucket,
  slot: number,
  observation: ObservationLike,
  atMs: number,
  weight: number,
  isTurned: boolean,
  percentiles: boolean,
): void {
  const rows = bucket.rows;
  const at = slot * width;
  const { bytes_sent = 0, bytes_received = 0, latency_ms, path, status_code = 0, failed } = observation;
  const times = weight === 0 ? 1 : weight;
  bucket.observations += times;
  rows[at + requests]! += weight;
  rows[at + bytesSent]! += times * (isTurned ? bytes_received : bytes_sent);
  rows[at + bytesReceived]! += times * (isTurned ? bytes_sent : bytes_received);
  recordTime(bucket, slot, atMs);
  if (weight === 0) return;
  if (path !== undefined && isApiPath(path)) rows[at + apiRequests]! += weight;
  if (status_code < 100 || status_code >= 400) recordFailure(rows, at, status_code, failed, weight);
  if (latency_ms === undefined) return;
  rows[at + latencySum]! += weight * latency_ms;
  rows[at + latencyCount]! += weight;
  if (rows[at + latencyMax]! < latency_ms) rows[at + latencyMax] = latency_ms;
  if (percentiles) bucket.latencies.record(slot, latency_ms, weight);
}

/** Most observations are the newest of their row; then the first of them is none of their business. */
function recordTime(bucket: Bucket, slot: number, atMs: number): void {
  const { rows } = bucket;
  const at = slot * width;
  const before = rows[at + lastSeen]!;
  if (before < atMs) {
    rows[at + lastSeen] = atMs;
    if (before > -Infinity) return;
  }
  if (rows[at + firstSeen]! <= atMs) return;
  rows[at + firstSeen] = atMs;
  const track = bucket.tracks[slot]!;
  if (track.firstSeenMs > atMs) track.firstSeenMs = atMs;
}

/** A status says more than that there was no answer; 499 is nginx's word for a client that did not wait. */
function recordFailure(
  rows: Float64Array,
  at: number,
  status: number,
  failed: boolean | undefined,
  weight: number,
): void {
  if (status === 499) rows[at + clientGone]! += weight;
  else if (status >= 500) rows[at + serverErrors]! += weight;
  else if (status >= 400) rows[at + clientErrors]! += weight;
  else if (failed === true) rows[at + transportFailures]! += weight;
  else if (failed === undefined) rows[at + unjudged]! += weight;
}
