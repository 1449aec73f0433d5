import type { GraphDependency, GraphService } from '@netring/contract/graph';
import type { MemberView } from '@netring/contract/member';
import { openStore } from '../../store/index.ts';
import type { DependencyFacts, Judged, WindowFacts } from '../facts.ts';
import { createLinkBook } from './link-book.ts';
import { createLinkView } from './link-view.ts';
import { createPushedBook } from './pushed-book.ts';

export const startMs = 1_700_000_000_000;
const iso = new Date(startMs).toISOString();

function service(id: string, type: string): GraphService {
  return {
    service_id: id,
    service_name: id.split('/')[1] as string,
    service_type: type,
    type_rule: 'test',
    endpoints: [{ host: '10.0.0.2', port: 8080, protocol: 'http' }],
    more_endpoints: 0,
    location: id.split('/')[0],
    kind: 'service',
    instances: [{ host: 'h', address: '10.0.0.2', ports: [8080] }],
    inside: true,
    health: 'healthy',
    activity: 'active',
    fan_in: 0,
    fan_out: 0,
    tags: {},
    metadata: {},
    first_seen: iso,
    last_seen: iso,
  };
}

export const dependency: GraphDependency = {
  id: 'd'.repeat(64),
  source_service: 'us1/orders',
  target_service: 'eu1/payments',
  protocol: 'http',
  direction: 'outbound',
  request_count: 100,
  requests_per_second: 10,
  total_bytes: 0,
  bytes_sent: 0,
  bytes_received: 0,
  error_count: 0,
  client_errors: 0,
  server_errors: 0,
  client_gone: 0,
  transport_failures: 0,
  health: 'healthy',
  activity: 'active',
  evidence: ['log'],
  counted_by: 'log',
  seen_by: [],
  first_seen: iso,
  last_seen: iso,
  path: { kind: 'member', source: 'a', target: 'b', state: 'ok', reasons: [] },
  blame: { verdict: 'none', reasons: [] },
};

const member: MemberView = {
  instance_id: 'a',
  location: 'us1',
  ip: '10.0.0.1',
  port: 8757,
  last_seen: 0,
  registered_at: 0,
  status: 'online',
  proved: true,
  peers: 'reachable',
  external_targets: [],
  probes_off: [],
};

export function windowAt(n: number, requests = 100, failed = 0): WindowFacts {
  const counts: NonNullable<WindowFacts['counts']> = {
    countedBy: 'log',
    requests,
    client_errors: 0,
    server_errors: failed,
    client_gone: 0,
    transport_failures: 0,
    unjudged: 0,
    bytes_sent: 1000 * n,
    bytes_received: 5000,
    latency_sum_ms: 0,
    latency_count: 0,
    latency_max_ms: 0,
    latency: [],
  };
  const queue = { last: n, min: 0, max: 10 * n, sum: 3 * n, count: 3 };
  return {
    startMs: startMs + n * 10_000,
    durationMs: 10_000,
    closed: true,
    counts,
    signals: [{ evidence: 'caller', rtt_ms: 2 * n, queue_bytes: queue }],
  };
}

export const facts = (windows: WindowFacts[]) =>
  ({ id: dependency.id, windows }) as unknown as DependencyFacts;
export const judged: Judged = { path: dependency.path, blame: dependency.blame };
export const endOf = (n: number) => startMs + (n + 1) * 10_000;

/** A view of two services with one dependency between them, a member, and an empty store. */
export async function viewed() {
  const book = createLinkBook();
  const pushed = createPushedBook();
  const store = await openStore({ kind: 'embedded', folder: undefined });
  const services = Object.fromEntries(
    [service('us1/orders', 'microservice'), service('eu1/payments', 'api_gateway')].map((one) => [
      one.service_id,
      one,
    ]),
  );
  const view = createLinkView({
    graph: () => ({ services, dependencies: [dependency] }),
    members: () => [member],
    routeOf: () => ({ hops: 4, reached: true, at_ms: 0 }),
    book,
    pushed,
  });
  return { book, pushed, store, view };
}
