import type { GraphDependency } from '@netring/contract/graph';
import { describe, expect, test } from 'vitest';
import { exampleDependency, exampleGraph, exampleService } from '../example/example-graph.ts';
import { phraseText } from './phrase.ts';
import { servicesSentence, serviceTroubles } from './service-trouble.ts';

const ids = ['us1/orders', 'us1/web', 'eu1/payments', 'eu1/web'];

function graph(...dependencies: [string, string, Partial<GraphDependency>][]) {
  return exampleGraph(
    ids.map((id) => exampleService(id)),
    dependencies.map((one) => exampleDependency(...one)),
  );
}

function said(...dependencies: [string, string, Partial<GraphDependency>][]): string[] {
  return serviceTroubles(graph(...dependencies)).map(
    ({ severity, text }) => `${severity}: ${phraseText(text).replace(/[\u2068\u2069]/g, '')}`,
  );
}

const path = (state: GraphDependency['path']['state'], kind: GraphDependency['path']['kind'] = 'member') => ({
  kind,
  state,
  reasons: [],
});
const reasons = ['payments takes 212 ms, usually 18 ms'];
const own: Partial<GraphDependency> = { health: 'slow', blame: { verdict: 'application', reasons } };
const call = ['us1/orders', 'eu1/payments'] as const;

test.for([
  ['healthy', {}, []],
  ['quiet calls that were slow still are', { ...own, activity: 'gone' }, []],
  [
    'slow in itself over a path that is up',
    own,
    ['warn: payments is slow in itself: payments takes 212 ms, usually 18 ms; the network under it is fine'],
  ],
  [
    'on one machine there is no network',
    { ...own, path: path('unknown', 'local') },
    ['warn: payments is slow in itself: payments takes 212 ms, usually 18 ms; the network under it is fine'],
  ],
  [
    'a path that nobody measures is not fine',
    { ...own, path: path('unknown', 'none') },
    [
      'warn: payments is slow in itself: payments takes 212 ms, usually 18 ms; the network under it is not measured',
    ],
  ],
  [
    'both',
    { ...own, blame: { verdict: 'both', reasons } },
    [
      'warn: payments is slow in itself: payments takes 212 ms, usually 18 ms; the network under it is slow, too',
    ],
  ],
  [
    'by the network',
    { health: 'slow', blame: { verdict: 'network', reasons: ['4 % is lost'] } },
    ['warn: orders → payments is slow, by the network'],
  ],
  [
    'nobody knows',
    { health: 'slow', blame: { verdict: 'unknown', reasons: [] } },
    ['warn: orders → payments is slow, whose fault is not known'],
  ],
  [
    'failing',
    {
      health: 'failing',
      server_errors: 80,
      transport_failures: 10,
      blame: { verdict: 'unknown', reasons: [] },
    },
    ['bad: orders → payments fails: 90 of 600 requests'],
  ],
] as [string, Partial<GraphDependency>, string[]][])('%s', ([, but, expected]) => {
  expect(said([...call, but])).toEqual(expected);
});

test('what is slow in itself is told once, and failures before it', () => {
  expect(
    said(
      [...call, own],
      ['us1/web', 'eu1/payments', { ...own, request_count: 9 }],
      ['us1/web', 'eu1/web', { health: 'failing', blame: { verdict: 'network', reasons: [] } }],
    ),
  ).toEqual([
    'bad: web in us1 → web in eu1 fails, by the network',
    'warn: payments is slow in itself, for 2 callers: payments takes 212 ms, usually 18 ms; the network under it is fine',
  ]);
});

test.for([
  ['three times as long as usual', { total_ms: 300, network_ms: 10, application_ms: 290, proxy_ms: 0 }, 1],
  ['a little longer', { total_ms: 110, network_ms: 10, application_ms: 100, proxy_ms: 0 }, 0],
] as const)('blamed and healthy, %s', ([, shares, count]) => {
  const usual = { total_ms: 100, network_ms: 10, application_ms: 90, proxy_ms: 0 };
  const blame = { verdict: 'application', reasons, shares, usual } as const;
  expect(said([...call, { health: 'healthy', blame }])).toHaveLength(count);
});

const shares = { total_ms: 100, network_ms: 10, application_ms: 90, proxy_ms: 0 };
const asUsual = { shares, usual: shares };

describe('how much is seen', () => {
  test.for([
    [[], undefined],
    [[{}], '1 dependency of services, none slow or failing'],
    [[{}, own], '2 dependencies of services, 1 slow or failing'],
    [
      [{}, { ...own, health: 'healthy', blame: { verdict: 'application', reasons, ...asUsual } }],
      '2 dependencies of services, none slow or failing, 1 slower than usual',
    ],
    [[{}, { health: 'unknown' }], '1 of 2 dependencies of services judged, none slow or failing'],
    [[{ health: 'unknown' }], '1 dependency of services seen, none judged yet'],
    [[{ activity: 'quiet' }], undefined],
  ] as [Partial<GraphDependency>[], string | undefined][])('%j', ([some, expected]) => {
    const made = some.map((but, at) => [...call, { id: `d${at}`, ...but }] as [string, string, object]);
    expect(servicesSentence(graph(...made))).toBe(expected);
  });
});

describe('who lies behind', () => {
  const failing: Partial<GraphDependency> = {
    health: 'failing',
    server_errors: 90,
    blame: { verdict: 'application', reasons: ['90 of 600 failed'] },
  };
  const silent: Partial<GraphDependency> = {
    health: 'unknown',
    blame: { verdict: 'application', reasons: ['payments answers nothing'] },
  };

  test('a callee that answers nothing is told first, and is as bad as what its caller suffers', () => {
    expect(said(['us1/web', 'us1/orders', failing], [...call, silent])).toEqual([
      'bad: payments is in trouble in itself: payments answers nothing; the network under it is fine',
      'bad: web in us1 → orders fails: 90 of 600 requests, by the application; the network under it is fine; what it calls is in trouble too: payments',
    ]);
  });

  test('services that call each other in a ring lie behind nobody', () => {
    const both = said(['us1/web', 'us1/orders', failing], ['us1/orders', 'us1/web', failing]);
    expect(both).toHaveLength(2);
  });
});
