import type { GraphAnswer, GraphChanged, GraphDependency, GraphService } from '@netring/contract/graph';

/** A healthy service `location/name`; one outside every location without a slash; but for what `but` says. */
export function service(id: string, but: Partial<GraphService> = {}): GraphService {
  const [location, name] = id.includes('/') ? id.split('/', 2) : [undefined, id];
  const member = `${location}-edge-a`;
  return {
    service_id: id,
    service_name: name ?? id,
    service_type: 'microservice',
    type_rule: 'speaks HTTP',
    endpoints: [{ host: '10.1.0.7', port: 8080, protocol: 'http' }],
    more_endpoints: 0,
    ...(location !== undefined && { location, named_by: 'label' as const }),
    kind: location === undefined ? 'external' : 'service',
    instances:
      location === undefined
        ? []
        : [
            {
              member,
              host: `${location}-host-1`,
              address: '10.1.0.7',
              ports: [8080],
              pid: 4711,
              process: 'node',
            },
          ],
    inside: location !== undefined,
    health: 'healthy',
    activity: 'active',
    fan_in: 1,
    fan_out: 1,
    tags: {},
    metadata: {},
    ...times(),
    ...but,
  };
}

/** A healthy dependency over a path that is up, but for what `but` says. Its id is `source>target`. */
export function dependency(
  source: string,
  target: string,
  but: Partial<GraphDependency> = {},
): GraphDependency {
  const [from, to] = [source, target].map((id) => id.split('/')[0] ?? id);
  return {
    id: `${source}>${target}`,
    source_service: source,
    target_service: target,
    protocol: 'http',
    direction: 'outbound',
    request_count: 600,
    requests_per_second: 10,
    total_bytes: 3_000_000,
    bytes_sent: 1_000_000,
    bytes_received: 2_000_000,
    error_count: 0,
    client_errors: 0,
    server_errors: 0,
    client_gone: 0,
    transport_failures: 0,
    p50_latency_ms: 12,
    p95_latency_ms: 31,
    p99_latency_ms: 48,
    health: 'healthy',
    activity: 'active',
    evidence: ['log'],
    counted_by: 'log',
    seen_by: [{ member: `${to}-edge-a`, evidence: ['callee', 'log'] }],
    ...times(),
    path:
      from === to
        ? { kind: 'local', state: 'ok', reasons: [] }
        : { ...over(`${from}-edge-a`, `${to}-edge-a`), state: 'ok', rtt_ms: 62, loss: 0 },
    blame: { verdict: 'none', reasons: ['nothing is slower than usual'] },
    ...but,
  };
}

function times(): { first_seen: string; last_seen: string } {
  const at = (agoMs: number): string => new Date(Date.now() - agoMs).toISOString();
  return { first_seen: at(86_400_000), last_seen: at(2_000) };
}

function over(source: string, target: string) {
  return { kind: 'member' as const, source, target, reasons: [], at_ms: Date.now() - 3_000 };
}

const slowHop = { ttl: 5, ip: '192.0.2.45', added_ms: 96 };

function slowPath(source: string, target: string): GraphDependency['path'] {
  return {
    ...over(source, target),
    state: 'degraded',
    since_ms: Date.now() - 240_000,
    rtt_ms: 178,
    loss: 0.04,
    forward_mbps: 94,
    bandwidth_at_ms: Date.now() - 725_000,
    worst_step: slowHop,
    traced_at_ms: Date.now() - 200_000,
    reasons: ['loses 4 % from hop 5 (192.0.2.45) on'],
  };
}

const none = { kind: 'none' as const, state: 'unknown' as const };

/** A shop over three locations with everything that a map can show: slow, failing, blamed, quiet, gone, outside, unresolved. */
export function shopGraph(): GraphAnswer {
  return graphOf(
    [
      service('customers', { fan_in: 0 }),
      service('us1/web', { service_type: 'web_server', fan_out: 3 }),
      service('us1/orders', { health: 'slow' }),
      service('us1/cache', { service_type: 'cache' }),
      service('eu1/payments', { health: 'slow' }),
      service('eu1/ledger', { service_type: 'database', activity: 'quiet' }),
      service('eu1/reports'),
      service('ap1/search', { health: 'failing' }),
      service('ap1/old-index', { activity: 'gone', service_type: 'database', health: 'unknown' }),
      service('api.bank.example', { service_type: 'external_api' }),
      service('10.9.0.3:5432', {
        kind: 'unresolved',
        candidates: ['eu1/ledger', 'us2/ledger'],
        health: 'unknown',
      }),
    ],
    [
      dependency('customers', 'us1/web', {
        path: { ...none, reasons: ['customers is outside every location: nobody measures the way to it'] },
        client_errors: 12,
      }),
      dependency('us1/web', 'us1/orders', {
        health: 'slow',
        blame: {
          verdict: 'application',
          since_ms: Date.now() - 120_000,
          reasons: ['orders takes 212 ms, usually 18 ms', 'the network adds 0.3 ms, as usual'],
          shares: { total_ms: 214.3, network_ms: 0.3, application_ms: 212, proxy_ms: 2 },
          usual: { total_ms: 19.3, network_ms: 0.3, application_ms: 18, proxy_ms: 1 },
        },
      }),
      dependency('us1/orders', 'eu1/payments', {
        health: 'slow',
        path: slowPath('us1-edge-a', 'eu1-edge-a'),
        blame: {
          verdict: 'network',
          since_ms: Date.now() - 240_000,
          reasons: ['the network adds 178 ms, usually 82 ms: 4 % is lost from hop 5 (192.0.2.45) on'],
          shares: { total_ms: 200, network_ms: 178, application_ms: 22, proxy_ms: 0 },
        },
      }),
      dependency('us1/web', 'ap1/search', {
        health: 'failing',
        error_count: 90,
        server_errors: 80,
        transport_failures: 10,
        blame: { verdict: 'unknown', reasons: ['too few requests answered to tell'] },
      }),
      dependency('us1/orders', 'us1/cache'),
      dependency('eu1/payments', 'eu1/ledger', { activity: 'quiet', requests_per_second: 0 }),
      dependency('us1/web', 'eu1/reports', { path: slowPath('us1-edge-b', 'eu1-edge-a') }),
      dependency('ap1/search', 'ap1/old-index', { activity: 'gone', health: 'unknown' }),
      dependency('eu1/payments', 'api.bank.example', {
        path: { ...none, reasons: ['no member stands at api.bank.example'] },
      }),
      dependency('us1/orders', '10.9.0.3:5432', { health: 'unknown', path: { ...none, reasons: [] } }),
    ],
  );
}

/** An answer of the registry that holds these. */
export function graphOf(services: GraphService[], dependencies: GraphDependency[]): GraphAnswer {
  const nowMs = Date.now();
  return {
    now_ms: nowMs,
    timestamp: new Date(nowMs).toISOString(),
    services: Object.fromEntries(services.map((one) => [one.service_id, one])),
    dependencies,
    metadata: {
      total_observations: 600 * dependencies.length,
      service_count: services.length,
      dependency_count: dependencies.length,
      from_ms: nowMs - 60_000,
      to_ms: nowMs,
      hidden: {},
      more_services: 0,
      more_dependencies: 0,
      unresolved: 0,
    },
    positions: {},
    sources: [],
  };
}

/** What the stream tells when these changed. */
export function graphChange(
  graph: GraphAnswer,
  services: GraphService[],
  dependencies: GraphDependency[],
): GraphChanged {
  return {
    now_ms: Date.now(),
    services,
    dependencies,
    removed_services: [],
    removed_dependencies: [],
    metadata: graph.metadata,
  };
}
