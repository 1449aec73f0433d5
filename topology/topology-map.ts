import { escapeJson } from './escape.ts';
import type { Evidence } from './observation.ts';
import type { Protocol, ServiceType } from './protocol.ts';

export interface ServiceEndpoint {
  readonly host: string;
  readonly port: number;
  readonly protocol: Protocol;
}

/** How a dependency, or a service as its callers find it, does: `unknown` when nobody measured latency or status. */
export type Health = 'healthy' | 'slow' | 'failing' | 'unknown';

/** A named listener, or group of listeners; or somebody who only calls. Times are epoch milliseconds. */
export interface Service {
  readonly service_id: string;
  readonly service_name: string;
  readonly service_type: ServiceType;
  /** Which rule of the classifier said so. */
  readonly type_rule: string;
  /** Where it listens; empty for one that only calls. */
  readonly endpoints: readonly ServiceEndpoint[];
  /** Endpoints that found no room in the list. */
  readonly more_endpoints: number;
  readonly network?: string;
  /** Whether it lies in somebody's own network rather than the Internet. */
  readonly inside: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Services that call it, and that it calls. */
  readonly fan_in: number;
  readonly fan_out: number;
  /** The worst of the dependencies on it. */
  readonly health: Health;
  readonly first_seen: number;
  readonly last_seen: number;
}

export type Direction = 'inbound' | 'outbound' | 'bidirectional';

/**
 * Caller → callee. Counts are estimates of the truth where the source sampled. What nobody measured is absent.
 */
export interface ServiceDependency {
  readonly source_service: string;
  readonly target_service: string;
  readonly protocol: Protocol;
  /** In a map `outbound`, or `bidirectional` when the callee calls the caller, too. */
  readonly direction: Direction;
  readonly request_count: number;
  readonly total_bytes: number;
  readonly bytes_sent: number;
  readonly bytes_received: number;
  /** Status 400 and above, 499 left out, and requests that nobody answered. */
  readonly error_count: number;
  /** Status 400–498. */
  readonly client_errors: number;
  /** Status 500 and above. */
  readonly server_errors: number;
  /** Status 499: the client did not wait. */
  readonly client_gone: number;
  readonly transport_failures: number;
  readonly avg_latency_ms?: number;
  /** Within 2 %. */
  readonly p50_latency_ms?: number;
  readonly p95_latency_ms?: number;
  readonly p99_latency_ms?: number;
  readonly max_latency_ms?: number;
  readonly health: Health;
  /** Every kind of evidence there is, and the one whose counts these are: one request seen twice is one request. */
  readonly evidence: readonly Evidence[];
  readonly counted_by: Evidence;
  /** Of the dependency, also before the window. */
  readonly first_seen: number;
  /** In the window. */
  readonly last_seen: number;
}

export interface TopologyMetadata {
  readonly total_observations: number;
  readonly service_count: number;
  readonly dependency_count: number;
  /** The window asked for, as far as it was bounded. */
  readonly from?: number;
  readonly to?: number;
  /** Why observations were refused, since the mapper's start, and how many. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Observations that filters keep out of this map, by filter. */
  readonly hidden: Readonly<Record<string, number>>;
  /** Times that a service beyond the limit was folded into `others`. */
  readonly folded_services: number;
}

/** What {@link TopologyMap.toDict} gives: the same with times as ISO 8601 in UTC. */
export interface TopologyDict {
  services: Record<
    string,
    Omit<Service, 'first_seen' | 'last_seen'> & { first_seen: string; last_seen: string }
  >;
  dependencies: (Omit<ServiceDependency, 'first_seen' | 'last_seen'> & {
    first_seen: string;
    last_seen: string;
  })[];
  timestamp: string;
  metadata: Omit<TopologyMetadata, 'from' | 'to'> & { from?: string; to?: string };
}

/** The service graph at a moment. It never changes. */
export class TopologyMap {
  /** By id; an object without a prototype, so that no name is special. */
  readonly services: Readonly<Record<string, Service>>;
  readonly dependencies: readonly ServiceDependency[];
  /** The newest time in it, epoch milliseconds; 0 when it is empty. */
  readonly timestamp: number;
  readonly metadata: TopologyMetadata;

  constructor(
    services: readonly Service[],
    dependencies: readonly ServiceDependency[],
    timestamp: number,
    metadata: TopologyMetadata,
  ) {
    const byId = Object.create(null) as Record<string, Service>;
    for (const service of services) byId[service.service_id] = deepFrozen(service);
    this.services = Object.freeze(byId);
    this.dependencies = Object.freeze(dependencies.map(deepFrozen));
    this.timestamp = timestamp;
    this.metadata = deepFrozen(metadata);
    Object.freeze(this);
  }

  /** Plain data with times as ISO 8601 in UTC. */
  toDict(): TopologyDict {
    const services = Object.create(null) as TopologyDict['services'];
    for (const [id, one] of Object.entries(this.services)) services[id] = withIsoTimes(one);
    const { from, to, ...metadata } = this.metadata;
    return {
      services,
      dependencies: this.dependencies.map(withIsoTimes),
      timestamp: iso(this.timestamp),
      metadata: {
        ...metadata,
        ...(from === undefined ? {} : { from: iso(from) }),
        ...(to === undefined ? {} : { to: iso(to) }),
      },
    };
  }

  /** {@link toDict} as JSON, indented by 2; it may stand inside an HTML script element. */
  toJson(): string {
    return escapeJson(JSON.stringify(this.toDict(), undefined, 2));
  }
}

function withIsoTimes<T extends { first_seen: number; last_seen: number }>(
  one: T,
): Omit<T, 'first_seen' | 'last_seen'> & { first_seen: string; last_seen: string } {
  return { ...one, first_seen: iso(one.first_seen), last_seen: iso(one.last_seen) };
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFrozen);
  return Object.freeze(value);
}
