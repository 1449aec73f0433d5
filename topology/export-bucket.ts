import type { Bucket } from './bucket.ts';
import { fields, rowLength } from './cell.ts';
import type { ServiceEntry } from './entries.ts';
import type { BucketDependency, BucketService, TrafficBucket } from './traffic-bucket.ts';

/** The state of a bucket as plain data. `filterName` gives the name of a filter's number. */
export function exportBucket(
  bucket: Bucket,
  reporter: string,
  bucketMs: number,
  filterName: (filter: number) => string | undefined,
): TrafficBucket {
  const indexes = new Map<ServiceEntry, number>();
  const indexOf = (service: ServiceEntry): number => {
    const known = indexes.get(service);
    if (known !== undefined) return known;
    indexes.set(service, indexes.size);
    return indexes.size - 1;
  };
  const dependencies = bucket.tracks.map((track, slot): BucketDependency => {
    const filter = filterName(track.filter);
    return {
      source: indexOf(track.source),
      target: indexOf(track.target),
      protocol: track.protocol,
      evidence: track.evidence,
      ...(filter === undefined ? {} : { filter }),
      ...countsOf(bucket.rows.subarray(slot * rowLength, (slot + 1) * rowLength)),
      latency: bucket.latencies.read(slot),
    };
  });
  const endMs = bucket.startMs + bucketMs;
  return {
    version: 1,
    reporter,
    start_ms: bucket.startMs,
    duration_ms: bucketMs === Infinity ? 0 : bucketMs,
    observations: bucket.observations,
    services: [...indexes.keys()].map((service) => serviceState(service, bucket.startMs, endMs)),
    dependencies,
  };
}

type Counts = Omit<BucketDependency, 'source' | 'target' | 'protocol' | 'evidence' | 'filter' | 'latency'>;

function countsOf(row: Float64Array): Counts {
  const at = (field: number): number => row[field] as number;
  return {
    requests: at(fields.requests),
    client_errors: at(fields.clientErrors),
    server_errors: at(fields.serverErrors),
    client_gone: at(fields.clientGone),
    transport_failures: at(fields.transportFailures),
    bytes_sent: at(fields.bytesSent),
    bytes_received: at(fields.bytesReceived),
    latency_sum_ms: at(fields.latencySum),
    latency_count: at(fields.latencyCount),
    latency_max_ms: at(fields.latencyMax),
    api_requests: at(fields.apiRequests),
    unjudged: at(fields.unjudged),
    first_seen_ms: at(fields.firstSeen),
    last_seen_ms: at(fields.lastSeen),
  };
}

function serviceState(service: ServiceEntry, fromMs: number, toMs: number): BucketService {
  const { type, tags, metadata } = service.annotation ?? {};
  return {
    id: service.id,
    name: service.name,
    ...(service.network === undefined ? {} : { network: service.network }),
    inside: service.isInside,
    first_seen_ms: service.firstSeenMs,
    listeners: [...service.listeners.values()]
      .filter((one) => one.lastSeenMs >= fromMs && one.firstSeenMs < toMs)
      .map((one) => ({
        host: one.host,
        port: one.port,
        protocol: one.protocol,
        first_seen_ms: one.firstSeenMs,
        last_seen_ms: one.lastSeenMs,
      })),
    ...(type === undefined ? {} : { type }),
    ...(tags === undefined ? {} : { tags: { ...tags } }),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
  };
}
