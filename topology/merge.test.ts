import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { workedExample } from './fixtures/worked-example.ts';
import { arrows, mapperOf, seen, startMs } from './fixtures/observe.ts';
import { TopologyMapper, type TrafficBucket, type TrafficObservation } from './index.ts';

/** What a member sends: every bucket, through JSON. */
function exported(mapper: TopologyMapper): TrafficBucket[] {
  return mapper
    .bucketStates()
    .map((one) => JSON.parse(JSON.stringify(mapper.exportBucket(one.startMs))) as TrafficBucket);
}

/** The map without what differs between one that saw and one that was told. */
function essence(mapper: TopologyMapper): unknown {
  const { services, dependencies, timestamp, metadata } = mapper.generateTopologyMap();
  return { services, dependencies: dependencies.map(rounded), timestamp, total: metadata.total_observations };
}

/** Sums of fractions depend on their order in the last digit. */
function rounded<T extends { avg_latency_ms?: number }>(one: T): T {
  return one.avg_latency_ms === undefined ? one : { ...one, avg_latency_ms: Math.fround(one.avg_latency_ms) };
}

const observation = fc
  .record({
    from: fc.constantFrom('a', 'b', 'c'),
    to: fc.constantFrom('b', 'c', 'd:5432'),
    offset: fc.nat(60_000),
    latency_ms: fc.integer({ min: 1, max: 5000 }),
    status_code: fc.constantFrom(200, 404, 499, 500),
    evidence: fc.constantFrom('log', 'caller', 'callee'),
    path: fc.constantFrom('/', '/api/x', '/health'),
  })
  .map(({ from, to, offset, ...rest }) => seen(from, to, { ...rest, timestamp_ms: startMs + offset }));

describe('buckets of several reporters', () => {
  test('give the map that one mapper would have drawn, in any order, however often', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(observation, fc.nat(2)), { maxLength: 60 }),
        fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }),
        (parts, shuffle) => {
          const members = [0, 1, 2].map((member) =>
            mapperOf(
              parts.filter(([, at]) => at === member).map(([one]) => one),
              { reporter: `member-${member}` },
            ),
          );
          const buckets = members.flatMap(exported);
          const order = [...buckets, ...buckets].sort(
            (a, b) => shuffle[(a.start_ms / 10_000) % 8]! - shuffle[(b.start_ms / 10_000) % 8]!,
          );
          const registry = new TopologyMapper();
          for (const bucket of order) expect(registry.merge(bucket).outcome).toMatch(/taken|older/);
          expect(essence(registry)).toEqual(essence(mapperOf(parts.map(([one]) => one))));
        },
      ),
      { numRuns: 60 },
    );
  });

  test('carry state: a newer one replaces, an older one changes nothing', () => {
    const all = workedExample();
    const member = new TopologyMapper({ reporter: 'm' });
    const registry = new TopologyMapper();
    const states = [100, 250, 455].map((count, at) => {
      member.observeTrafficBatch(all.slice([0, 100, 250][at], count));
      return exported(member)[0] as TrafficBucket;
    });
    expect(states.map((one) => registry.merge(one).outcome)).toEqual(['taken', 'taken', 'taken']);
    expect(states.map((one) => registry.merge(one).outcome)).toEqual(['older', 'older', 'older']);
    expect(registry.generateTopologyMap().metadata.total_observations).toBe(455);
    expect(essence(registry)).toEqual(essence(mapperOf(all)));
  });

  test('two ends of one connection that two members see are one request', () => {
    const ends = (['caller', 'callee'] as const).map((evidence) =>
      mapperOf(
        Array.from({ length: 5 }, () => seen('a', 'b', { evidence })),
        { reporter: evidence },
      ),
    );
    const registry = new TopologyMapper();
    ends.flatMap(exported).forEach((one) => registry.merge(one));
    expect(registry.getServiceDependencies('a')[0]).toMatchObject({ request_count: 5 });
  });

  test('carry annotations, filters of their own, and fall under names given here', () => {
    const filters = [{ name: 'batch', path: (path: string) => path === '/batch' }];
    const member = mapperOf([seen('a', 'b'), seen('a', 'b', { path: '/batch' })], { filters });
    member.annotate('b', { tags: { location: 'eu1' }, metadata: { pid: 7 } });
    const registry = new TopologyMapper({ names: { b: 'billing' } });
    exported(member).forEach((one) => registry.merge(one));
    expect(arrows(registry.generateTopologyMap())).toEqual(['a → billing']);
    expect(registry.getService('billing')).toMatchObject({ tags: { location: 'eu1' }, metadata: { pid: 7 } });
    expect(registry.generateTopologyMap().metadata.hidden).toEqual({ batch: 1 });
  });

  test('are forgotten with time', () => {
    const registry = new TopologyMapper();
    for (let n = 0; n < 200; n++) {
      const late: TrafficObservation = seen(`a${n}x`, 'b', { timestamp_ms: startMs + n * 10_000 });
      exported(mapperOf([late], { reporter: `m${n % 3}` })).forEach((one) => registry.merge(one));
    }
    const map = registry.generateTopologyMap();
    expect(map.dependencies.length).toBeLessThanOrEqual(92);
    const first = exported(mapperOf([seen('a', 'b')]))[0] as TrafficBucket;
    expect(registry.merge(first)).toEqual({ outcome: 'refused', reason: 'start_ms: too_old' });
  });
});

describe('a bucket that cannot be', () => {
  const good = exported(mapperOf([seen('a', 'b')]))[0] as TrafficBucket;
  const [service] = good.services as [TrafficBucket['services'][0]];
  const [dependency] = good.dependencies as [TrafficBucket['dependencies'][0]];

  test.each<[string, unknown, string]>([
    ['no object', 7, 'not an object'],
    ['null', null, 'not an object'],
    ['another version', { ...good, version: 2 }, 'version: must be 1'],
    ['no reporter', { ...good, reporter: '' }, 'reporter:'],
    ['a start that is no time', { ...good, start_ms: 1e300 }, 'start_ms:'],
    [
      'a start between buckets',
      { ...good, start_ms: startMs + 1, dependencies: [] },
      'not one of the buckets',
    ],
    ['another length', { ...good, duration_ms: 60_000 }, 'not one of the buckets'],
    ['no services', { ...good, services: {} }, 'services:'],
    ['a service without a name', { ...good, services: [{ ...service, name: 5 }] }, 'services.0:'],
    ['a huge note', { ...good, services: [{ ...service, tags: { x: 'y'.repeat(20_000) } }] }, 'services.0:'],
    [
      'an index without a service',
      { ...good, dependencies: [{ ...dependency, target: 9 }] },
      'dependencies.0:',
    ],
    ['NaN', { ...good, dependencies: [{ ...dependency, requests: Number.NaN }] }, 'dependencies.0:'],
    ['negative counts', { ...good, dependencies: [{ ...dependency, requests: -1 }] }, 'dependencies.0:'],
    [
      'a histogram out of order',
      { ...good, dependencies: [{ ...dependency, latency: [5, 1, 4, 1] }] },
      'dep',
    ],
    ['a time outside of it', { ...good, dependencies: [{ ...dependency, last_seen_ms: 9e12 }] }, 'dep'],
  ])('is refused with its reason: %s', (_, bucket, reason) => {
    const mapper = new TopologyMapper();
    const outcome = mapper.merge(bucket as TrafficBucket);
    expect(outcome).toMatchObject({ outcome: 'refused', reason: expect.stringContaining(reason) as string });
    expect(mapper.generateTopologyMap().dependencies).toEqual([]);
  });

  test('nothing that looks like JSON makes it throw', () => {
    const mapper = new TopologyMapper();
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(good)), (value, key) => {
        mapper.merge({ ...good, [key]: value });
        mapper.merge({ ...good, services: [{ ...service, [key]: value }] });
        mapper.merge({ ...good, dependencies: [{ ...dependency, [key]: value }] });
      }),
    );
    mapper.generateTopologyMap();
  });
});
