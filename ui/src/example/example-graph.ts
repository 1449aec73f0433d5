import type { GraphAnswer, GraphChanged, GraphDependency, GraphService } from '@netring/contract/graph';
import { graphFrom, type ServiceGraph } from '../map/graph.ts';

const seen = { first_seen: '2026-07-01T12:00:00.000Z', last_seen: '2026-07-01T12:30:00.000Z' };

/** A healthy service `location/name`, or one outside every location without a slash, but for what `but` says. */
export function exampleService(id: string, but: Partial<GraphService> = {}): GraphService {
  const [location, name] = id.includes('/') ? id.split('/') : [undefined, id];
  return {
    service_id: id,
    service_name: name ?? id,
    service_type: 'microservice',
    type_rule: 'speaks HTTP',
    endpoints: [{ host: '10.0.0.7', port: 8080, protocol: 'http' }],
    more_endpoints: 0,
    ...(location !== undefined && { location }),
    kind: location === undefined ? 'external' : 'service',
    instances: [],
    inside: location !== undefined,
    health: 'healthy',
    activity: 'active',
    fan_in: 1,
    fan_out: 1,
    tags: {},
    metadata: {},
    ...seen,
    ...but,
  };
}

/** A healthy dependency over a path that is up, but for what `but` says. Its id is `source>target`. */
export function exampleDependency(
  source: string,
  target: string,
  but: Partial<GraphDependency> = {},
): GraphDependency {
  return {
    id: `${source}>${target}`,
    source_service: source,
    target_service: target,
    protocol: 'http',
    direction: 'outbound',
    request_count: 600,
    requests_per_second: 10,
    total_bytes: 3_000,
    bytes_sent: 1_000,
    bytes_received: 2_000,
    error_count: 0,
    client_errors: 0,
    server_errors: 0,
    client_gone: 0,
    transport_failures: 0,
    p95_latency_ms: 20,
    health: 'healthy',
    activity: 'active',
    evidence: ['log'],
    counted_by: 'log',
    seen_by: [{ member: 'us1-a', evidence: ['log'] }],
    ...seen,
    path: { kind: 'member', source: 'us1-a', target: 'eu1-a', state: 'ok', reasons: [] },
    blame: { verdict: 'none', reasons: [] },
    ...but,
  };
}

const metadata: GraphAnswer['metadata'] = {
  total_observations: 600,
  service_count: 0,
  dependency_count: 0,
  from_ms: 0,
  to_ms: 60_000,
  hidden: {},
  more_services: 0,
  more_dependencies: 0,
  unresolved: 0,
};

/** The registry's answer with these, as of `nowMs`. */
export function exampleAnswer(
  nowMs: number,
  services: readonly GraphService[],
  dependencies: readonly GraphDependency[] = [],
): GraphAnswer {
  return {
    now_ms: nowMs,
    timestamp: seen.last_seen,
    services: Object.fromEntries(services.map((one) => [one.service_id, one])),
    dependencies: [...dependencies],
    metadata,
    positions: {},
    sources: [],
  };
}

/** A graph of these, as of 1,000 ms. */
export function exampleGraph(
  services: readonly GraphService[],
  dependencies: readonly GraphDependency[],
): ServiceGraph {
  return graphFrom(exampleAnswer(1_000, services, dependencies));
}

/** A change that changes nothing, at `nowMs`, but for what `but` says. */
export function exampleChange(nowMs: number, but: Partial<GraphChanged> = {}): GraphChanged {
  return {
    now_ms: nowMs,
    services: [],
    dependencies: [],
    removed_services: [],
    removed_dependencies: [],
    metadata,
    ...but,
  };
}
