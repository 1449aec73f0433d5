import { endId } from '@netring/contract/end';
import type { Inventory, LocalService } from '@netring/contract/inventory';
import type { TrafficState } from '@netring/contract/traffic';
import type { BucketDependency, TrafficBucket } from '@netring/topology';

/** A service on a host, listening on all of its addresses. */
export function listening(name: string, port: number, more: Partial<LocalService> = {}): LocalService {
  return {
    name,
    name_rule: 'process',
    pid: 100 + port,
    process: name,
    start_mode: 'native',
    reach: 'host',
    listeners: [{ address: '0.0.0.0', port, transport: 'tcp' }],
    ...more,
  };
}

export function inventoryOf(host: string, address: string, services: LocalService[]): Inventory {
  return { host: { name: host, addresses: [address] }, services, sources: [] };
}

export const service = (name: string) => endId({ kind: 'service', name });
export const at = (host: string, port?: number) =>
  endId({ kind: 'address', host, ...(port === undefined ? {} : { port }) });

export interface Call {
  from: string;
  to: string;
  evidence?: BucketDependency['evidence'];
  protocol?: BucketDependency['protocol'];
  requests?: number;
  errors?: number;
  ms?: number;
  filter?: string;
}

/** One bucket of traffic that began `startedMs` after the member's start; its wall clock is wrong on purpose. */
export function trafficOf(n: number, startedMs: number, calls: Call[], revision = 1): TrafficState {
  const startMs = 1_000_000_000_000 + startedMs;
  const ends = [...new Set(calls.flatMap(({ from, to }) => [from, to]))];
  const bucket: TrafficBucket = {
    version: 1,
    reporter: 'm',
    start_ms: startMs,
    duration_ms: 10_000,
    observations: calls.reduce((sum, one) => sum + (one.requests ?? 1), 0),
    services: ends.map((id) => ({ id, name: id, inside: true, first_seen_ms: startMs, listeners: [] })),
    dependencies: calls.map((one) => dependencyOf(one, ends, startMs)),
  };
  return { n, started_ms: startedMs, revision, bucket, signals: [] };
}

function dependencyOf(one: Call, ends: string[], startMs: number): BucketDependency {
  const { requests = 1, errors = 0, ms = 12 } = one;
  return {
    source: ends.indexOf(one.from),
    target: ends.indexOf(one.to),
    protocol: one.protocol ?? 'tcp',
    evidence: one.evidence ?? 'caller',
    ...(one.filter === undefined ? {} : { filter: one.filter }),
    requests,
    client_errors: 0,
    server_errors: errors,
    client_gone: 0,
    transport_failures: 0,
    bytes_sent: 100 * requests,
    bytes_received: 900 * requests,
    latency_sum_ms: ms * requests,
    latency_count: requests,
    latency_max_ms: ms,
    api_requests: 0,
    unjudged: 0,
    first_seen_ms: startMs + 1_000,
    last_seen_ms: startMs + 2_000,
    latency: [235, requests],
  };
}
