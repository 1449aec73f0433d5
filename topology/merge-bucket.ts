import { Bucket } from './bucket.ts';
import { addRow, fields, rowLength } from './cell.ts';
import type { Directory } from './directory.ts';
import type { ServiceEntry } from './entries.ts';
import type { BucketDependency, BucketService, TrafficBucket } from './traffic-bucket.ts';
import type { TrackBook } from './track-book.ts';

/** Tracks remember only the slot that they have in our own buckets. */
const notOurs = -2;

/** A bucket that another reporter exported, among our own services. Dependencies that find no room are `dropped`. */
export function importBucket(
  state: TrafficBucket,
  directory: Directory,
  book: TrackBook,
  filterNumber: (name: string | undefined) => number,
): { bucket: Bucket; dropped: number; newestMs: number } {
  const bucket = new Bucket(state.start_ms, notOurs);
  bucket.observations = state.observations;
  const services = state.services.map((one) => serviceEntry(directory, one));
  let dropped = 0;
  let newestMs = -Infinity;
  for (const one of state.dependencies) {
    const [source, target] = [services[one.source], services[one.target]] as [ServiceEntry, ServiceEntry];
    const filter = filterNumber(one.filter);
    const track = book.track(source, target, one.protocol, one.evidence, filter, one.first_seen_ms);
    if (track === undefined) {
      dropped++;
      continue;
    }
    const slot = bucket.slotOf(track);
    track.firstSeenMs = Math.min(track.firstSeenMs, one.first_seen_ms);
    addRow(bucket.rows, slot * rowLength, rowOf(one), 0);
    for (let at = 0; at < one.latency.length; at += 2)
      if ((one.latency[at + 1] as number) > 0)
        bucket.latencies.add(slot, one.latency[at] as number, one.latency[at + 1] as number);
    newestMs = Math.max(newestMs, one.last_seen_ms);
  }
  bucket.seal();
  return { bucket, dropped, newestMs };
}

function serviceEntry(directory: Directory, state: BucketService): ServiceEntry {
  const entry = directory.ofReporter(state.id, state.name, state.first_seen_ms, state.network, state.inside);
  for (const one of state.listeners) {
    directory.listens(entry, one.host, one.port, one.protocol, one.first_seen_ms, true);
    directory.listens(entry, one.host, one.port, one.protocol, one.last_seen_ms, true);
  }
  const { type, tags, metadata } = state;
  if (type !== undefined || tags !== undefined || metadata !== undefined)
    entry.annotation = {
      ...entry.annotation,
      ...(type === undefined ? {} : { type }),
      ...(tags === undefined ? {} : { tags: { ...entry.annotation?.tags, ...tags } }),
      ...(metadata === undefined ? {} : { metadata: { ...entry.annotation?.metadata, ...metadata } }),
    };
  return entry;
}

function rowOf(state: BucketDependency): Float64Array {
  const row = new Float64Array(rowLength);
  row[fields.requests] = state.requests;
  row[fields.clientErrors] = state.client_errors;
  row[fields.serverErrors] = state.server_errors;
  row[fields.clientGone] = state.client_gone;
  row[fields.transportFailures] = state.transport_failures;
  row[fields.bytesSent] = state.bytes_sent;
  row[fields.bytesReceived] = state.bytes_received;
  row[fields.latencySum] = state.latency_sum_ms;
  row[fields.latencyCount] = state.latency_count;
  row[fields.latencyMax] = state.latency_max_ms;
  row[fields.apiRequests] = state.api_requests;
  row[fields.unjudged] = state.unjudged;
  row[fields.firstSeen] = state.first_seen_ms;
  row[fields.lastSeen] = state.last_seen_ms;
  return row;
}
