import type { BlameView, GraphDependency, PathUnder } from '@netring/contract/graph';
import type { SeenEdge } from './seen.ts';

/** What a test says of a dependency; the rest is well. */
export interface EdgeLike {
  source?: string;
  target?: string;
  requests?: number;
  failed?: number;
  p95?: number;
  blame?: Partial<BlameView>;
  path?: Partial<PathUnder>;
}

/** A dependency between two services, `us1/orders` and `eu1/payments` unless told otherwise, for tests. */
export function edgeOf(like: EdgeLike = {}): SeenEdge {
  const { source = 'us1/orders', target = 'eu1/payments', requests = 600, failed = 0, p95 } = like;
  const view: GraphDependency = {
    id: `${source}>${target}`,
    source_service: source,
    target_service: target,
    protocol: 'http',
    direction: 'outbound',
    request_count: requests,
    requests_per_second: requests / 60,
    total_bytes: 0,
    bytes_sent: 0,
    bytes_received: 0,
    error_count: failed,
    client_errors: 0,
    server_errors: failed,
    client_gone: 0,
    transport_failures: 0,
    ...(p95 !== undefined && { p95_latency_ms: p95 }),
    health: 'healthy',
    activity: 'active',
    evidence: ['log'],
    counted_by: 'log',
    seen_by: [],
    first_seen: '',
    last_seen: '',
    path: { kind: 'location', state: 'ok', reasons: [], ...like.path },
    blame: { verdict: 'none', reasons: ['as usual'], ...like.blame },
  };
  const [from, to] = [endOf(source), endOf(target)];
  return { view, facts: { source: from, target: to, memberPairs: [pairOf(from, to)] } };
}

function endOf(id: string): SeenEdge['facts']['source'] {
  const [location = '', name = ''] = id.split('/');
  return { id, name, kind: 'service', location, hosts: [] };
}

function pairOf(from: { location?: string }, to: { location?: string }): { source: string; target: string } {
  return { source: `${from.location}-a`, target: `${to.location}-a` };
}
