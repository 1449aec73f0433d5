import { describe, expect, test } from 'vitest';
import { arrows, mapperOf, seen, startMs } from './fixtures/observe.ts';
import { RouteHint, TopologyMapper } from './index.ts';

describe('folding', () => {
  test('a hundred client ports are one caller', () => {
    const mapper = mapperOf(Array.from({ length: 100 }, (_, n) => seen(`client:${50_000 + n}`, 'web')));
    expect(arrows(mapper.generateTopologyMap())).toEqual(['client → web']);
    expect(mapper.getService('client')?.endpoints).toEqual([]);
  });

  test('may be switched off: then every client port is a caller', () => {
    const mapper = mapperOf([seen('client:1', 'web'), seen('client:2', 'web')], { foldClients: false });
    expect(arrows(mapper.generateTopologyMap())).toEqual(['client:1 → web', 'client:2 → web']);
  });

  test('replicas merge, by number, by pod, and by the service that somebody knows', () => {
    const one = { host: '10.0.0.1', port: 80, service: 'shop' };
    const two = { host: '10.0.0.2', port: 80, service: 'shop' };
    const mapper = mapperOf([
      seen('client', 'web-1.internal'),
      seen('client', 'web-2.internal'),
      seen('client', 'cart-7d9f8b6c5d-x2x4q'),
      seen('client', 'cart-7d9f8b6c5d-b4b5z'),
      { ...seen('client', 'x'), destination: one },
      { ...seen('client', 'x'), destination: two },
    ]);
    const { dependencies } = mapper.generateTopologyMap();
    expect(dependencies.map((d) => [d.target_service, d.request_count])).toEqual([
      ['cart', 2],
      ['shop', 2],
      ['web.internal', 2],
    ]);
    expect(mapper.getService('shop')?.endpoints.map(({ host }) => host)).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  test('one host is one host however it is spelt', () => {
    const mapper = mapperOf([seen('Client', 'WEB.internal.'), seen('client.', 'web.internal')]);
    expect(arrows(mapper.generateTopologyMap())).toEqual(['client → web.internal']);
  });

  test('one address in two networks is two hosts', () => {
    const at = (network: string) => ({ host: '10.0.0.2', port: 80, network });
    const mapper = mapperOf([
      { ...seen('a', 'x'), destination: at('shop') },
      { ...seen('a', 'x'), destination: at('bank') },
    ]);
    expect(arrows(mapper.generateTopologyMap())).toEqual(['a → bank/10.0.0.2', 'a → shop/10.0.0.2']);
  });

  test('a listener that somebody has named is named for those who do not know it, too', () => {
    const mapper = mapperOf([
      { ...seen('a', 'x'), destination: { host: '10.0.0.2', port: 80, service: 'shop' } },
      { ...seen('a', 'x'), destination: { host: '10.0.0.2', port: 80 } },
      { ...seen('a', 'x'), destination: { host: '10.0.0.2', port: 81 } },
    ]);
    expect(arrows(mapper.generateTopologyMap())).toEqual(['a → 10.0.0.2', 'a → shop']);
  });
});

describe('names that people give', () => {
  test('rename a host, tell listeners of a host apart, and merge what has one name', () => {
    const names = {
      '10.0.0.1': 'client',
      '10.0.0.2:5432': 'orders-db',
      '10.0.0.2:80': 'shop',
      other: 'shop',
    };
    const mapper = mapperOf([seen('10.0.0.1', '10.0.0.2:5432'), seen('10.0.0.1', '10.0.0.2:80')], { names });
    mapper.observeTraffic(seen('10.0.0.1', 'other:80'));
    expect(arrows(mapper.generateTopologyMap())).toEqual(['client → orders-db', 'client → shop']);
  });

  test('also rename what was seen before', () => {
    const mapper = mapperOf([seen('a', 'b')]);
    mapper.setName('b', 'billing');
    expect(arrows(mapper.generateTopologyMap())).toEqual(['a → billing']);
    expect(mapper.getService('billing')?.service_name).toBe('billing');
    mapper.setName('b', undefined);
    expect(arrows(mapper.generateTopologyMap())).toEqual(['a → b']);
  });
});

describe('what went wrong', () => {
  test('is counted apart: 4xx, 5xx, 499 and no answer at all', () => {
    const statuses = [200, 301, 404, 429, 499, 500, 503, 503];
    const mapper = mapperOf([
      ...statuses.map((status_code) => seen('a', 'b', { status_code })),
      seen('a', 'b', { status_code: undefined, failed: true }),
      seen('a', 'b', { status_code: 0, failed: true }),
    ]);
    expect(mapper.getServiceDependencies('a')[0]).toMatchObject({
      request_count: 10,
      error_count: 7,
      client_errors: 2,
      server_errors: 3,
      client_gone: 1,
      transport_failures: 2,
      health: 'failing',
    });
  });

  test('is health: failing by 5xx, not by 4xx; slow by the 95th percentile; unknown when nobody looked', () => {
    const silent = { status_code: undefined, latency_ms: undefined };
    const mapper = mapperOf([
      seen('a', 'fine'),
      seen('a', 'asked-wrongly', { status_code: 404 }),
      seen('a', 'slow', { latency_ms: 2000 }),
      seen('a', 'failing', { status_code: 500 }),
      seen('a', 'silent', silent),
    ]);
    const health = mapper.getServiceDependencies('a').map((one) => [one.target_service, one.health]);
    expect(Object.fromEntries(health)).toEqual({
      fine: 'healthy',
      'asked-wrongly': 'healthy',
      slow: 'slow',
      failing: 'failing',
      silent: 'unknown',
    });
    expect(mapper.getServiceDependencies('silent')[0]).not.toHaveProperty('avg_latency_ms');
  });
});

describe('latency', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => seen('a', 'b', { latency_ms: n + 1 }));

  test('has percentiles within 5 % beside an exact mean', () => {
    const one = mapperOf(hundred).getServiceDependencies('a')[0];
    expect(one?.avg_latency_ms).toBe(50.5);
    expect(one?.max_latency_ms).toBe(100);
    for (const [found, truth] of [
      [one?.p50_latency_ms, 50],
      [one?.p95_latency_ms, 95],
      [one?.p99_latency_ms, 99],
    ] as const)
      expect(Math.abs((found as number) - truth) / truth).toBeLessThan(0.05);
  });

  test('has only the mean when percentiles are off', () => {
    const one = mapperOf(hundred, { percentiles: false }).getServiceDependencies('a')[0];
    expect(one).toMatchObject({ avg_latency_ms: 50.5 });
    expect(one).not.toHaveProperty('p50_latency_ms');
  });
});

describe('one connection seen from several places', () => {
  test('counts once: what counts requests goes before what counts connections, then what saw most', () => {
    const all = (evidence: 'log' | 'caller' | 'callee' | 'flow', count: number) =>
      Array.from({ length: count }, () => seen('a', 'b', { evidence }));
    const both = mapperOf([...all('caller', 10), ...all('callee', 12), ...all('flow', 50)]);
    expect(both.getServiceDependencies('a')[0]).toMatchObject({
      request_count: 12,
      counted_by: 'callee',
      evidence: ['callee', 'caller', 'flow'],
    });
    const logged = mapperOf([...all('caller', 10), ...all('log', 3)]);
    expect(logged.getServiceDependencies('a')[0]).toMatchObject({ request_count: 3, counted_by: 'log' });
  });

  test('a flow seen from the listening end is turned round', () => {
    const flow = { evidence: 'flow', bytes_sent: 1, bytes_received: 2 } as const;
    const mapper = mapperOf([
      seen('client:50000', 'web:80', { evidence: 'callee' }),
      seen('web:80', 'client:50000', flow),
      seen('other:7', 'client:9', flow),
    ]);
    expect(arrows(mapper.generateTopologyMap())).toEqual(['client → web', 'other → client']);
    const turned = mapperOf([seen('x', 'web:80', { evidence: 'callee' }), seen('web:80', 'y:5', flow)]);
    expect(turned.getServiceDependencies('y')[0]).toMatchObject({ bytes_sent: 2, bytes_received: 1 });
  });

  test('a socket speaks what its listener is known to speak, in whatever order they were seen', () => {
    const socket = seen('a:1', 'b:9999', { evidence: 'caller', protocol: 'tcp' });
    const logged = seen('a:1', 'b:9999', { protocol: 'http' });
    for (const order of [
      [socket, logged],
      [logged, socket],
    ]) {
      const { dependencies } = mapperOf(order).generateTopologyMap();
      expect(dependencies.map((one) => [one.protocol, one.evidence, one.request_count])).toEqual([
        ['http', ['caller', 'log'], 1],
      ]);
    }
  });

  test('a port tells the protocol where nobody else does', () => {
    const mapper = new TopologyMapper();
    mapper.observeTraffic({
      timestamp_ms: startMs,
      source: { host: 'a' },
      destination: { host: 'b', port: 6379 },
    });
    expect(mapper.getServiceDependencies('a')[0]?.protocol).toBe('redis');
  });

  test('what it carried since, of weight 0, adds bytes and keeps it alive, and is no request', () => {
    const before = { ...seen('a', 'b:80'), evidence: 'caller' as const, latency_ms: undefined };
    const since = { ...before, weight: 0, timestamp_ms: startMs + 5000, bytes_sent: 7, bytes_received: 9 };
    const mapper = mapperOf([before, since], { reporter: 'm' });
    const sent = mapper.exportBucket(startMs)?.observations;
    expect(mapper.observeTraffic({ ...since, timestamp_ms: startMs + 6000 })).toBe('taken');
    expect(mapper.generateTopologyMap().dependencies).toMatchObject([
      {
        request_count: 1,
        bytes_sent: before.bytes_sent + 14,
        bytes_received: before.bytes_received + 18,
        last_seen: startMs + 6000,
      },
    ]);
    // A bucket with only more bytes is a newer state of it.
    expect(mapper.exportBucket(startMs)?.observations).toBeGreaterThan(sent as number);
  });

  test('calls both ways are two dependencies, said to be mutual', () => {
    const { dependencies } = mapperOf([seen('a', 'b'), seen('b', 'a')]).generateTopologyMap();
    expect(dependencies.map(({ direction }) => direction)).toEqual(['bidirectional', 'bidirectional']);
  });
});

describe('a hint', () => {
  test('changes nothing but the time that it takes, in any mapper, also after routes were forgotten', () => {
    const hint = new RouteHint();
    const [one, two] = [new TopologyMapper(), new TopologyMapper()];
    const observe = (to: string, hint?: RouteHint): void => {
      for (const mapper of [one, two]) mapper.observeTraffic({ ...seen('a', to), hint });
    };
    observe('other');
    observe('b', hint);
    observe('b', hint);
    for (let n = 0; n < 1000; n++) observe(`c${n}x`);
    observe('b', hint);
    one.setName('b', 'billing');
    observe('b', hint);
    for (const [mapper, id] of [
      [one, 'billing'],
      [two, 'b'],
    ] as const)
      expect(mapper.getServiceDependencies(id, 'inbound').map((d) => d.request_count)).toEqual([4]);
  });

  test.each([null, 7, 'x', {}, { rows: [], route: 0 }])('that is none is left alone: %j', (hint) => {
    const mapper = mapperOf([seen('a', 'b')]);
    expect(mapper.observeTraffic({ ...seen('a', 'b'), hint: hint as unknown as RouteHint })).toBe('taken');
    expect(mapper.getServiceDependencies('a').map((d) => d.request_count)).toEqual([2]);
  });
});

describe('maps', () => {
  test('never change once they are handed out', () => {
    const mapper = mapperOf([seen('a', 'b')]);
    const map = mapper.generateTopologyMap();
    const before = map.toJson();
    for (let n = 0; n < 5; n++) mapper.observeTraffic(seen('b', `c${n}`, { status_code: 500 }));
    mapper.annotate('b', { tags: { new: 'tag' } });
    expect(map.toJson()).toBe(before);
    expect(() => {
      (map.services.a as { service_name: string }).service_name = 'x';
    }).toThrow(TypeError);
    expect(() => (map.dependencies as unknown[]).push(1)).toThrow(TypeError);
  });

  test('are the same object until something changes', () => {
    const mapper = mapperOf([seen('a', 'b')]);
    const map = mapper.generateTopologyMap();
    expect(mapper.generateTopologyMap()).toBe(map);
    mapper.observeTraffic(seen('a', 'b'));
    expect(mapper.generateTopologyMap()).not.toBe(map);
  });

  test('of nothing are empty', () => {
    const mapper = new TopologyMapper();
    expect(mapper.generateTopologyMap().toDict()).toMatchObject({
      services: {},
      dependencies: [],
      timestamp: '1970-01-01T00:00:00.000Z',
      metadata: { total_observations: 0, service_count: 0, dependency_count: 0 },
    });
    expect(mapper.analyzeTrafficPatterns()).toMatchObject({ avg_latency_ms: 0, error_rate: 0 });
  });

  test('export times as ISO 8601 in UTC, indented by 2', () => {
    const mapper = new TopologyMapper();
    const { timestamp_ms: _, ...rest } = seen('a', 'b');
    expect(mapper.observeTraffic({ ...rest, timestamp: '2026-01-01T01:00:00+01:00' })).toBe('taken');
    const json = mapper.generateTopologyMap().toJson();
    expect(json).toContain('\n  "services": {\n    "a": {');
    expect(JSON.parse(json)).toMatchObject({
      timestamp: '2026-01-01T00:00:00.000Z',
      dependencies: [{ first_seen: '2026-01-01T00:00:00.000Z', last_seen: '2026-01-01T00:00:00.000Z' }],
    });
  });
});

test('an observation has the defaults that people know, and needs a time', () => {
  expect(seen('a', 'b:5432')).toEqual({
    timestamp_ms: startMs,
    source: { host: 'a', port: 50_000 },
    destination: { host: 'b', port: 5432 },
    protocol: 'postgres',
    bytes_sent: 1024,
    bytes_received: 2048,
    latency_ms: 50,
    status_code: 200,
    method: 'GET',
    path: '/',
    evidence: 'log',
  });
  expect(() => seen('a', 'b', { timestamp_ms: Number.NaN })).toThrow('needs timestamp_ms');
});

test.each([
  [{ bucketMs: 0 }, 'bucketMs is 0; it must be at least 1.'],
  [{ retentionMs: 1 }, 'retentionMs is 1; it must be at least 10000.'],
  [{ limits: { services: 0 } }, 'limits.services is 0; it must be at least 1.'],
  [{ sampling: { oneIn: 0.5 } }, 'sampling.oneIn is 0.5; it must be at least 1.'],
])('options out of range are named: %j', (options, message) => {
  expect(() => new TopologyMapper(options)).toThrow(message);
});
