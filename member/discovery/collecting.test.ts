import { inventory, type LocalService } from '@netring/contract/inventory';
import { liveRequests, trafficState } from '@netring/contract/traffic';
import type { TrafficBucket, TrafficObservation } from '@netring/topology';
import { describe, expect, it } from 'vitest';
import { createCollecting } from './collecting.ts';
import { nameRuleSetting } from './name-rules.ts';

const startMs = 1_700_000_000_000;

function start(...names: string[]) {
  let [wallMs, ticksMs] = [startMs, 9_000_000];
  let news = 0;
  const collecting = createCollecting({
    clocks: { wallMs: () => wallMs, monotonicMs: () => ticksMs },
    reporter: 'm1/boot',
    keepMs: 600_000,
    names: names.map((text) => nameRuleSetting.parse(text)),
    onNews: () => news++,
    onStep: () => undefined,
  });
  const pass = (ms: number) => {
    wallMs += ms;
    ticksMs += ms;
    collecting.look();
  };
  /** What is told of traffic, with the ids of the ends; then it has arrived. */
  const told = () => {
    const next = collecting.toTell();
    next.arrived();
    return (next.part.traffic ?? []).flatMap((state) => {
      expect(trafficState.parse(state)).toEqual(state);
      const { services, dependencies } = state.bucket as TrafficBucket;
      return dependencies.map((one) => [services[one.source]?.id, services[one.target]?.id, one.requests]);
    });
  };
  return { collecting, told, pass, news: () => news };
}

const observation = (more: Partial<TrafficObservation> = {}): TrafficObservation => ({
  timestamp_ms: startMs,
  source: { host: '10.0.0.1', port: 50_000 },
  destination: { host: '10.0.0.2', port: 80 },
  protocol: 'http',
  bytes_sent: 0,
  bytes_received: 0,
  evidence: 'log',
  ...more,
});
const service = (name: string, more: Partial<LocalService> = {}): LocalService => ({
  name,
  name_rule: 'process',
  start_mode: 'native',
  reach: 'location',
  listeners: [],
  ...more,
});

describe('what is observed', () => {
  it.each<[string, Partial<TrafficObservation>, [string, string] | string]>([
    ['by addresses', {}, ['address:10.0.0.1', 'address:10.0.0.2:80']],
    [
      'by names in a network',
      {
        source: { host: 'Web.', port: 1, network: 'shop' },
        destination: { host: 'db', port: 5432, network: 'shop' },
      },
      ['address:shop/web', 'address:shop/db:5432'],
    ],
    [
      'at a process',
      { destination: { host: '10.0.0.2', port: 80, service: 'service:orders' } },
      ['address:10.0.0.1', 'service:orders'],
    ],
    [
      'between processes',
      {
        source: { host: '10.0.0.1', port: 5, service: 'service:web' },
        destination: { host: '10.0.0.2', port: 80, service: 'service:orders' },
      },
      ['service:web', 'service:orders'],
    ],
    [
      'numbered replicas keep their names',
      { destination: { host: 'web-2', port: 80 } },
      ['address:10.0.0.1', 'address:web-2:80'],
    ],
    ['from nowhere', { source: { host: 'a b', port: 1 } }, 'bad_source'],
    ['to nowhere', { destination: { host: 'unix:/run/x', port: 0 } }, 'bad_destination'],
    ['of another time', { timestamp_ms: startMs - 3_600_000 }, 'too_old'],
    ['with nonsense', { latency_ms: NaN }, 'bad_latency'],
  ])('%s', (_, more, expected) => {
    const { collecting, told } = start();
    const outcome = collecting.observe(observation(more));
    if (typeof expected === 'string') {
      expect(outcome).toBe(expected);
      expect([...collecting.figures().rejected]).toEqual([[expected, 1]]);
      expect(told()).toEqual([]);
    } else {
      expect(outcome).toBe('taken');
      expect(told()).toEqual([[...expected, 1]]);
    }
  });

  it('leaves what it was given as it was, and takes nothing over from one to the next', () => {
    const { collecting, told } = start();
    const full = observation({
      latency_ms: 7,
      status_code: 500,
      path: '/health',
      weight: 3,
      destination: { host: '10.0.0.2', port: 80, network: 'n', name: 'x' },
    });
    const before = structuredClone(full);
    collecting.observe(full);
    expect(full).toEqual(before);
    collecting.observe(observation());
    expect(told()).toEqual([
      ['address:10.0.0.1', 'address:n/10.0.0.2:80', 3],
      ['address:10.0.0.1', 'address:10.0.0.2:80', 1],
    ]);
  });

  it('is news once, until it has been forgotten', () => {
    const { collecting, news, pass } = start();
    collecting.observe(observation());
    collecting.observe(observation());
    expect(news()).toBe(1);
    pass(60_000);
    collecting.observe(observation({ timestamp_ms: startMs + 60_000 }));
    expect(news()).toBe(1);
    collecting.observe(observation({ timestamp_ms: startMs + 60_000, protocol: 'grpc' }));
    expect(news()).toBe(2);
    for (let minute = 0; minute < 15; minute++) pass(60_000);
    collecting.observe(observation({ timestamp_ms: startMs + 16 * 60_000 }));
    expect(news()).toBe(3);
  });
});

describe('what is known of the host', () => {
  it('goes under its best name, in traffic, in signals and in the live picture', () => {
    const { collecting, told } = start('name:db=main-db');
    collecting.services('sockets', [service('node:3000', { container_id: 'c1' }), service('db')]);
    collecting.observe(
      observation({
        source: { host: '10.0.0.1', port: 1, service: 'service:node:3000' },
        destination: { host: '10.0.0.1', port: 5432, service: 'service:db' },
      }),
    );
    expect(told()).toEqual([['service:node:3000', 'service:main-db', 1]]);
    // The container's name comes a moment later: what was told is told again.
    collecting.services('docker', [
      service('orders', { container_id: 'c1', name_rule: 'label', start_mode: 'docker' }),
    ]);
    expect(told()).toEqual([['service:orders', 'service:main-db', 1]]);
    collecting.signals(
      {
        source: 'service:node:3000',
        target: 'service:db',
        protocol: 'tcp',
        evidence: 'caller',
        atMs: startMs,
      },
      { connections: 1 },
    );
    collecting.request({ at_ms: startMs, source: 'service:node:3000', target: 'service:db' });
    const { part } = collecting.toTell();
    expect(part.traffic?.[0]?.signals).toMatchObject([
      { source: 'service:orders', target: 'service:main-db' },
    ]);
    expect(part.requests?.sample).toMatchObject([{ source: 'service:orders', target: 'service:main-db' }]);
  });

  it('is told when it changes, and once a minute', () => {
    const { collecting, pass } = start();
    const inventoryTold = () => {
      const next = collecting.toTell();
      next.arrived();
      return next.part.inventory;
    };
    const first = inventoryTold();
    expect(inventory.parse(first)).toEqual(first);
    expect(inventoryTold()).toBeUndefined();
    const book = collecting.source('access_log', '/var/log/a.log');
    book.state('limited', 'cannot be read\u001b[2J: run as its group');
    collecting.host({ name: 'h1', addresses: ['10.0.0.1'] });
    collecting.gateways(['172.17.0.1']);
    expect(inventoryTold()).toMatchObject({
      host: { name: 'h1', addresses: ['10.0.0.1'], gateways: ['172.17.0.1'] },
      sources: [{ kind: 'access_log', state: 'limited', reason: 'cannot be read [2J: run as its group' }],
    });
    book.taken(3, startMs);
    book.rejected('not_json', 2);
    pass(59_000);
    expect(inventoryTold()).toBeUndefined();
    pass(1000);
    const later = inventoryTold();
    expect(later?.sources).toMatchObject([{ taken: 3, rejected: { not_json: 2 }, age_ms: 60_000 }]);
    expect(inventory.parse(later)).toEqual(later);
    book.close();
    expect(inventoryTold()?.sources).toEqual([]);
  });
});

it('sends a large inventory ahead of traffic, so that no report is too large', () => {
  const { collecting } = start();
  collecting.services(
    'sockets',
    Array.from({ length: 1500 }, (_, n) => service(`service number ${n}`, { listeners: [] })),
  );
  collecting.observe(observation());
  const first = collecting.toTell();
  expect([first.part.inventory?.services.length, first.part.traffic, first.isMore]).toEqual([
    1500,
    undefined,
    true,
  ]);
  first.arrived();
  const second = collecting.toTell();
  expect([second.part.inventory, second.part.traffic?.length, second.isMore]).toEqual([undefined, 1, false]);
});

describe('the live picture', () => {
  it('is on the monotonic clock, and holds nothing that a registry would refuse', () => {
    const { collecting } = start();
    collecting.request({
      at_ms: startMs + 5,
      source: 'address:10.0.0.1',
      target: 'service:web',
      method: 'GET\u0000',
      path: `/p?card=4111${'x'.repeat(500)}`,
      status: 2000,
      duration_ms: -1,
      network: 'n\n',
    });
    collecting.request({ at_ms: startMs - 3_600_000, source: 'address:10.0.0.1', target: 'service:web' });
    const { part } = collecting.toTell();
    expect(part.requests).toEqual({
      seen: 1,
      sample: [{ at_ms: 9_000_005, source: 'address:10.0.0.1', target: 'service:web', path: '/p' }],
    });
    expect(liveRequests.parse(part.requests)).toEqual(part.requests);
  });
});
