import type { GraphAnswer, GraphDependency, GraphService } from '@netring/contract/graph';
import type { DependencyChange } from '@netring/contract/topology';
import { expect, test } from 'vitest';
import { differencesOf } from './topology-diff.ts';

function service(service_id: string, health: GraphService['health']): GraphService {
  return {
    service_id,
    service_name: service_id,
    service_type: 'microservice',
    type_rule: 'none',
    endpoints: [],
    more_endpoints: 0,
    kind: 'service',
    instances: [],
    inside: true,
    health,
    activity: 'active',
    fan_in: 0,
    fan_out: 0,
    tags: {},
    metadata: {},
    first_seen: '2026-01-01T00:00:00.000Z',
    last_seen: '2026-01-01T00:00:00.000Z',
  };
}

interface Told {
  health?: GraphDependency['health'];
  blame?: GraphDependency['blame']['verdict'];
  path?: GraphDependency['path']['state'];
  p95?: number;
  requests?: number;
  failed?: number;
}

function graph(told: Record<string, Told>): GraphAnswer {
  const ids = [...new Set(['a', ...Object.keys(told)])];
  return {
    now_ms: 0,
    timestamp: '2026-01-01T00:00:00.000Z',
    services: Object.fromEntries(ids.map((id) => [id, service(id, told[id]?.health ?? 'healthy')])),
    dependencies: Object.entries(told).map(([target, one]) => ({
      id: `a-${target}`,
      source_service: 'a',
      target_service: target,
      protocol: 'http',
      direction: 'outbound',
      request_count: one.requests ?? 100,
      requests_per_second: 1,
      error_count: one.failed ?? 0,
      client_errors: 0,
      server_errors: one.failed ?? 0,
      client_gone: 0,
      transport_failures: 0,
      ...(one.p95 !== undefined && { p95_latency_ms: one.p95 }),
      health: one.health ?? 'healthy',
      activity: 'active',
      evidence: ['log'],
      counted_by: 'log',
      seen_by: [],
      first_seen: '2026-01-01T00:00:00.000Z',
      last_seen: '2026-01-01T00:00:00.000Z',
      path: { kind: 'member', state: one.path ?? 'ok', reasons: [] },
      blame: { verdict: one.blame ?? 'none', reasons: ['so it is'] },
    })),
    metadata: {
      total_observations: 0,
      service_count: ids.length,
      dependency_count: 0,
      from_ms: 0,
      to_ms: 60_000,
      hidden: {},
      more_services: 0,
      more_dependencies: 0,
      unresolved: 0,
    },
    positions: {},
    sources: [],
  };
}

const cases: [
  about: string,
  before: Told,
  after: Told,
  worse: DependencyChange[],
  better: DependencyChange[],
][] = [
  ['nothing', {}, {}, [], []],
  [
    'health',
    { health: 'healthy' },
    { health: 'failing' },
    [{ of: 'health', from: 'healthy', to: 'failing' }],
    [],
  ],
  ['what is not known is no better', { health: 'failing' }, { health: 'unknown' }, [], []],
  [
    'trouble that was not known of is worse',
    { blame: 'unknown' },
    { blame: 'network' },
    [{ of: 'blame', from: 'unknown', to: 'network', reason: 'so it is' }],
    [],
  ],
  [
    'trouble of the other side is new trouble',
    { blame: 'network' },
    { blame: 'application' },
    [{ of: 'blame', from: 'network', to: 'application', reason: 'so it is' }],
    [],
  ],
  ['a path', { path: 'down' }, { path: 'degraded' }, [], [{ of: 'path', from: 'down', to: 'degraded' }]],
  ['latency', { p95: 10 }, { p95: 13 }, [{ of: 'latency', from_ms: 10, to_ms: 13 }], []],
  ['a quarter, and 2 ms', { p95: 10 }, { p95: 12 }, [], []],
  ['few requests have no p95', { p95: 10, requests: 5 }, { p95: 90 }, [], []],
  ['errors', { failed: 5 }, { failed: 0 }, [], [{ of: 'errors', from_share: 0.05, to_share: 0 }]],
  ['two failures are chance', {}, { failed: 2 }, [], []],
];

test.each(cases)('%s', (_about, before, after, worse, better) => {
  const { dependencies } = differencesOf(graph({ b: before }), graph({ b: after }));
  expect(dependencies.worse.flatMap(({ changes }) => changes)).toEqual(worse);
  expect(dependencies.better.flatMap(({ changes }) => changes)).toEqual(better);
});

test('what came and went, by id', () => {
  const { services, dependencies } = differencesOf(
    graph({ b: {}, c: {} }),
    graph({ c: { health: 'slow' }, d: {} }),
  );
  expect(dependencies.gained).toEqual([
    { id: 'a-d', source_service: 'a', target_service: 'd', protocol: 'http' },
  ]);
  expect(dependencies.lost.map(({ id }) => id)).toEqual(['a-b']);
  expect(services).toMatchObject({ gained: ['d'], lost: ['b'] });
  expect(services.worse).toEqual([{ service_id: 'c', from: 'healthy', to: 'slow' }]);
});

test('what fails fast is worse, and not better for being fast', () => {
  const { worse, better } = differencesOf(
    graph({ b: { p95: 40 } }),
    graph({ b: { p95: 9, failed: 100 } }),
  ).dependencies;
  expect(worse.flatMap(({ changes }) => changes)).toEqual([{ of: 'errors', from_share: 0, to_share: 1 }]);
  expect(better).toEqual([]);
});
