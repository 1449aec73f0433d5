import { describe, expect, test } from 'vitest';
import { arrows, mapperOf, seen, startMs } from './fixtures/observe.ts';
import { TopologyMapper } from './index.ts';

const second = 1000;

function at(seconds: number, to = 'b'): ReturnType<typeof seen> {
  return seen('a', to, { timestamp_ms: startMs + seconds * second });
}

describe('a window', () => {
  const mapper = mapperOf([at(0, 'early'), at(15, 'middle'), at(25, 'late')]);

  test.each([
    [{}, ['early', 'late', 'middle']],
    [{ fromMs: startMs + 10 * second }, ['late', 'middle']],
    [{ toMs: startMs + 20 * second }, ['early', 'middle']],
    [{ fromMs: startMs + 10 * second, toMs: startMs + 20 * second }, ['middle']],
    [{ fromMs: startMs + 17 * second, toMs: startMs + 18 * second }, ['middle']],
    [{ lastMs: second }, ['late']],
    [{ fromMs: startMs + 3600 * second }, []],
  ])('%j has what its buckets have', (window, targets) => {
    const map = mapper.generateTopologyMap(window);
    expect(map.dependencies.map((one) => one.target_service)).toEqual(targets);
    expect(map.metadata.total_observations).toBe(targets.length);
  });

  test('knows since when a dependency is there, also before it', () => {
    const old = mapperOf([at(0), at(45)]);
    const [one] = old.generateTopologyMap({ fromMs: startMs + 40 * second }).dependencies;
    expect([one?.first_seen, one?.last_seen]).toEqual([startMs, startMs + 45 * second]);
  });

  test('shows the endpoints that were seen in it', () => {
    const two = mapperOf([at(0, 'b:1'), at(45, 'b:2')]);
    const map = two.generateTopologyMap({ fromMs: startMs + 40 * second });
    expect(map.services.b?.endpoints.map(({ port }) => port)).toEqual([2]);
  });

  test('switched off, everything since the start is one', () => {
    const all = mapperOf([at(0), at(86_400 * 365)], { bucketMs: false });
    expect(all.generateTopologyMap().metadata.total_observations).toBe(2);
  });
});

describe('late and out of order', () => {
  test('observations move nothing backwards', () => {
    const mapper = mapperOf([at(60), at(10), at(30)]);
    const map = mapper.generateTopologyMap();
    expect(map.timestamp).toBe(startMs + 60 * second);
    expect(map.dependencies[0]).toMatchObject({
      request_count: 3,
      first_seen: startMs + 10 * second,
      last_seen: startMs + 60 * second,
    });
    expect(map.services.b).toMatchObject({
      first_seen: startMs + 10 * second,
      last_seen: startMs + 60 * second,
    });
  });

  test('observations give the same map in any order', () => {
    const all = Array.from({ length: 60 }, (_, n) => at((n * 37) % 100, `b${n % 7}`));
    const inOrder = [...all].sort((one, other) => one.timestamp_ms - other.timestamp_ms);
    const jsonOf = (list: typeof all): string => mapperOf(list).generateTopologyMap().toJson();
    expect(jsonOf(all)).toBe(jsonOf(inOrder));
    expect(jsonOf([...inOrder].reverse())).toBe(jsonOf(inOrder));
  });

  test('latency recorded late is counted where it belongs', () => {
    const mapper = mapperOf([at(0), at(100)]);
    mapper.observeTraffic({ ...at(1), latency_ms: 5000 });
    const [one] = mapper.generateTopologyMap({ toMs: startMs + 10 * second }).dependencies;
    expect(one?.p99_latency_ms).toBeCloseTo(50, -1);
    expect(one).toMatchObject({ request_count: 2, max_latency_ms: 5000 });
  });
});

test.each([10_000, 1, 7, 1.1, 2.5])(
  'a time lies in the same bucket of %d ms whatever came before',
  (bucketMs) => {
    const times = Array.from({ length: 300 }, (_, n) => startMs + ((n * 37) % 300) * 0.1);
    const startsOf = (list: number[]): number[] =>
      mapperOf(
        list.map((timestamp_ms) => seen('a', 'b', { timestamp_ms })),
        { bucketMs },
      )
        .bucketStates()
        .map((one) => one.startMs);
    expect(startsOf([...times].sort((a, b) => a - b))).toEqual(startsOf(times));
  },
);

describe('retention', () => {
  test('forgets buckets, then dependencies, services and hosts that nothing speaks of', () => {
    const mapper = mapperOf([at(0, 'old'), at(950, 'new')]);
    expect(arrows(mapper.generateTopologyMap())).toEqual(['a → new']);
    expect(mapper.getService('old')).toBeUndefined();
    expect(mapper.bucketStates()).toHaveLength(1);
  });

  test('refuses what is too old, and counts it', () => {
    const mapper = mapperOf([at(1000)]);
    expect(mapper.observeTraffic(at(50))).toBe('too_old');
    expect(mapper.rejections()).toEqual({ too_old: 1 });
  });

  test('a service that was forgotten may come back', () => {
    const mapper = mapperOf([at(0), at(2000, 'c'), at(2001)]);
    expect(arrows(mapper.generateTopologyMap())).toEqual(['a → b', 'a → c']);
    expect(mapper.getServiceDependencies('b')[0]?.first_seen).toBe(startMs + 2001 * second);
  });

  test('goes by the clock of who has one, and what lies ahead of it is refused', () => {
    const mapper = new TopologyMapper();
    mapper.advance(startMs);
    expect(mapper.observeTraffic(at(59))).toBe('taken');
    expect(mapper.observeTraffic(at(61))).toBe('in_future');
    expect(mapper.observeTraffic(at(1e8))).toBe('in_future');
    mapper.advance(startMs - 5 * second);
    mapper.advance(startMs + 2000 * second);
    expect(mapper.generateTopologyMap().dependencies).toEqual([]);
    expect(() => mapper.advance(Number.NaN)).toThrow(RangeError);
  });
});

describe('sampling', () => {
  test('takes one in so many and counts without bias', () => {
    const mapper = new TopologyMapper({ sampling: { oneIn: 10, seed: 7 } });
    const outcomes = mapper.observeTrafficBatch(Array.from({ length: 20_000 }, () => at(1)));
    expect(outcomes.taken).toBeGreaterThan(1800);
    expect(outcomes.taken).toBeLessThan(2200);
    const [one] = mapper.generateTopologyMap().dependencies;
    // Five standard deviations of 20,000 draws at one in ten.
    expect(Math.abs((one?.request_count ?? 0) - 20_000)).toBeLessThan(2130);
    expect(one?.total_bytes).toBe((one?.request_count ?? 0) * 3072);
    expect(one?.avg_latency_ms).toBe(50);
  });

  test('of the source is undone by its weight', () => {
    const mapper = mapperOf([
      { ...at(0), weight: 100, status_code: 500 },
      { ...at(0), weight: 2.5, latency_ms: 100 },
    ]);
    expect(mapper.generateTopologyMap().dependencies[0]).toMatchObject({
      request_count: 103,
      server_errors: 100,
      avg_latency_ms: (100 * 50 + 2.5 * 100) / 102.5,
    });
  });
});

describe('filters', () => {
  test('hide health checks and monitoring, count them apart, and show them when asked', () => {
    const mapper = mapperOf([
      seen('a', 'b'),
      ...['/health', '/healthz/', '/actuator/health?x=1', '/app/READY', '/__heartbeat__'].map((path) =>
        seen('kubelet', 'b', { path }),
      ),
      seen('a', 'b', { path: '/metrics' }),
      seen('prometheus', 'b'),
    ]);
    const map = mapper.generateTopologyMap();
    expect(arrows(map)).toEqual(['a → b']);
    expect(map.metadata).toMatchObject({
      total_observations: 1,
      hidden: { health_check: 5, monitoring: 2 },
    });
    const more = mapper.generateTopologyMap({ include: ['health_check', 'monitoring'] });
    expect(arrows(more)).toEqual(['a → b', 'kubelet → b', 'prometheus → b']);
    expect(more.metadata).toMatchObject({ total_observations: 8, hidden: {} });
  });

  test.each(['/healthy-food', '/api/live-scores', '/users/health-insurance', '/', '', 'x'])(
    'leave %j alone',
    (path) => {
      expect(mapperOf([seen('a', 'b', { path })]).generateTopologyMap().metadata.hidden).toEqual({});
    },
  );

  test('may be others, or none', () => {
    const paths = ['/health', '/internal/x'].map((path) => seen('a', 'b', { path }));
    const ours = { name: 'ours', path: (path: string) => path.startsWith('/internal/') };
    const hidden = (filters: (typeof ours)[]): unknown =>
      mapperOf(paths, { filters }).generateTopologyMap().metadata.hidden;
    expect(hidden([ours])).toEqual({ ours: 1 });
    expect(hidden([])).toEqual({});
  });
});

describe('limits', () => {
  const limits = { services: 10, dependencies: 5, endpoints: 3 };

  test('services beyond them are folded into one, visibly', () => {
    const mapper = new TopologyMapper({ limits: { services: 10 } });
    for (let n = 0; n < 50; n++) mapper.observeTraffic(seen(`client${n}x`, 'web'));
    const map = mapper.generateTopologyMap();
    expect(Object.keys(map.services)).toHaveLength(11);
    expect(mapper.getServiceDependencies('others')[0]?.request_count).toBe(41);
    expect(map.metadata.folded_services).toBeGreaterThanOrEqual(41);
  });

  test('dependencies beyond them are refused and counted', () => {
    const mapper = new TopologyMapper({ limits });
    for (let n = 0; n < 20; n++) mapper.observeTraffic(seen('a', `b${n}x`));
    expect(mapper.generateTopologyMap().dependencies).toHaveLength(5);
    expect(mapper.rejections()).toEqual({ too_many_dependencies: 15 });
  });

  test('endpoints beyond them are only counted', () => {
    const mapper = mapperOf(
      Array.from({ length: 10 }, (_, n) => seen('a', `b:${n + 1}`, { protocol: 'tcp' })),
      { limits },
    );
    expect(mapper.getService('b')?.endpoints).toHaveLength(3);
    expect(mapper.getService('b')?.more_endpoints).toBeGreaterThanOrEqual(7);
  });
});
