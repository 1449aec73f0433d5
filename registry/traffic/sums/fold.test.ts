import assert from 'node:assert/strict';
import type { Evidence } from '@netring/topology';
import { describe, it } from 'vitest';
import type { GraphNode, Recognised, ResolvedRow } from '../join/index.ts';
import { emptyCounts } from './cell.ts';
import { gather } from './fold.ts';
import { slotOf } from './slot.ts';
import { countsOf, totalOf } from './total.ts';

function end(id: string, host?: string): Recognised {
  const isOnlyHost = id.startsWith('host:') || id.startsWith('gateway:');
  const node: GraphNode = {
    id,
    name: id,
    kind: isOnlyHost ? 'external' : 'service',
    inside: true,
    instances: [],
    endpoints: [],
    tags: {},
    metadata: {},
  };
  const hosts = new Map(host === undefined ? [] : [[host, { host, address: '' }]]);
  return { node, ...(host && { host }), isOnlyHost, isThroughAlias: false, hosts };
}

interface Seen {
  from: string;
  to: string;
  evidence: Evidence;
  requests?: number;
  protocol?: string;
  alias?: boolean;
  ports?: number[];
}

/** Callers that are services are on the machine h1, what they call is on h2. */
function row({
  from,
  to,
  evidence,
  requests = 1,
  protocol = 'tcp',
  alias = false,
  ports = [],
}: Seen): ResolvedRow {
  const source = end(
    from,
    from.startsWith('gateway:') ? undefined : from.startsWith('host:') ? from : 'host:h1',
  );
  const counts = { ...emptyCounts(), requests, latency: [] };
  return {
    source,
    target: { ...end(to, 'host:h2'), isThroughAlias: alias },
    protocol,
    evidence,
    counts: counts as unknown as NonNullable<ResolvedRow['counts']>,
    firstSeenMs: 1,
    lastSeenMs: 2,
    members: new Set([evidence === 'callee' ? 'm2' : 'm1']),
    ports: new Set(ports),
  };
}

const told = (seen: Seen[]): string[] =>
  gather([slotOf(0, 10_000, seen.map(row))])
    .map((one) => {
      const counts = countsOf(totalOf(one).cells);
      const noted = [...one.noted.keys()].map((evidence) => ` (${evidence})`).join('');
      const ends = `${one.source.id} > ${one.target.id} ${one.protocol}`;
      return `${ends}: ${counts?.requests} by ${counts?.countedBy}${noted}`;
    })
    .sort();

const cases: [about: string, seen: Seen[], expected: string[]][] = [
  [
    'both ends seeing one connection count it once',
    [
      { from: 'a', to: 's', evidence: 'caller', requests: 4 },
      { from: 'host:h1', to: 's', evidence: 'callee', requests: 4 },
    ],
    ['a > s tcp: 4 by callee'],
  ],
  [
    'whom no member sees is the machine',
    [{ from: 'host:h2', to: 's', evidence: 'callee' }],
    ['host:h2 > s tcp: 1 by callee'],
  ],
  [
    'a caller on another machine is not guessed',
    [
      { from: 'a', to: 's', evidence: 'caller' },
      { from: 'host:h2', to: 's', evidence: 'callee' },
    ],
    ['a > s tcp: 1 by caller', 'host:h2 > s tcp: 1 by callee'],
  ],
  [
    'several callers on the machine: the callee adds nothing',
    [
      { from: 'a', to: 's', evidence: 'caller', requests: 2 },
      { from: 'b', to: 's', evidence: 'caller', requests: 3 },
      { from: 'host:h1', to: 's', evidence: 'callee', requests: 5 },
    ],
    ['a > s tcp: 2 by caller (callee)', 'b > s tcp: 3 by caller (callee)'],
  ],
  [
    'a log’s client is the one service that calls the proxy',
    [
      { from: 'a', to: 'proxy', evidence: 'caller', protocol: 'http' },
      { from: 'host:h1', to: 'proxy', evidence: 'log', protocol: 'http', requests: 9 },
    ],
    ['a > proxy http: 9 by log'],
  ],
  [
    'a log’s client stays the machine where two services call the proxy',
    [
      { from: 'a', to: 'proxy', evidence: 'caller', protocol: 'http' },
      { from: 'b', to: 'proxy', evidence: 'caller', protocol: 'http' },
      { from: 'host:h1', to: 'proxy', evidence: 'log', protocol: 'http', requests: 9 },
    ],
    ['a > proxy http: 1 by caller', 'b > proxy http: 1 by caller', 'host:h1 > proxy http: 9 by log'],
  ],
  [
    'through a published port it is the one caller of that port',
    [
      { from: 'a', to: 's', evidence: 'caller', alias: true, requests: 3 },
      { from: 'gateway:h2', to: 's', evidence: 'callee', requests: 3 },
    ],
    ['a > s tcp: 3 by callee'],
  ],
  [
    'a log of what came through a published port has no known client',
    [
      { from: 'a', to: 's', evidence: 'caller', alias: true },
      { from: 'gateway:h2', to: 's', evidence: 'callee' },
      { from: 'gateway:h2', to: 's', evidence: 'log', protocol: 'http', requests: 5_000 },
    ],
    ['a > s tcp: 1 by callee', 'gateway:h2 > s http: 5000 by log'],
  ],
  [
    'nor has one of the protocol that the sockets speak',
    [
      { from: 'a', to: 's', evidence: 'caller', protocol: 'http', alias: true },
      { from: 'gateway:h2', to: 's', evidence: 'callee', protocol: 'http' },
      { from: 'gateway:h2', to: 's', evidence: 'log', protocol: 'http', requests: 5_000 },
    ],
    ['a > s http: 1 by callee', 'gateway:h2 > s http: 5000 by log'],
  ],
  [
    'more connections through a published port than its caller made are somebody else’s, too',
    [
      { from: 'a', to: 's', evidence: 'caller', alias: true },
      { from: 'gateway:h2', to: 's', evidence: 'callee', requests: 5_000 },
    ],
    ['a > s tcp: 1 by caller', 'gateway:h2 > s tcp: 5000 by callee'],
  ],
  [
    'several callers of a published port made its connections together',
    [
      { from: 'a', to: 's', evidence: 'caller', alias: true, requests: 2 },
      { from: 'b', to: 's', evidence: 'caller', alias: true, requests: 3 },
      { from: 'gateway:h2', to: 's', evidence: 'callee', requests: 5 },
      { from: 'gateway:h2', to: 's', evidence: 'log', protocol: 'http', requests: 7 },
    ],
    ['a > s tcp: 2 by caller (callee)', 'b > s tcp: 3 by caller (callee)', 'gateway:h2 > s http: 7 by log'],
  ],
  [
    'a gateway of another machine hides somebody else',
    [
      { from: 'a', to: 's', evidence: 'caller', alias: true },
      { from: 'gateway:h3', to: 's', evidence: 'callee' },
    ],
    ['a > s tcp: 1 by caller', 'gateway:h3 > s tcp: 1 by callee'],
  ],
  [
    'a gateway with nobody behind it stays one',
    [{ from: 'gateway:h2', to: 's', evidence: 'callee' }],
    ['gateway:h2 > s tcp: 1 by callee'],
  ],
  [
    'sockets and a log of one port are one dependency',
    [
      { from: 'a', to: 's', evidence: 'caller', ports: [80] },
      { from: 'a', to: 's', evidence: 'log', protocol: 'http', ports: [80], requests: 5 },
    ],
    ['a > s http: 5 by log'],
  ],
  [
    'sockets to another port are not',
    [
      { from: 'a', to: 's', evidence: 'caller', ports: [9100] },
      { from: 'a', to: 's', evidence: 'log', protocol: 'http', ports: [80], requests: 5 },
    ],
    ['a > s http: 5 by log', 'a > s tcp: 1 by caller'],
  ],
];

describe('what is one dependency', () => {
  it.each(cases)('%s', (_about, seen, expected) => {
    assert.deepEqual(told(seen), expected);
  });
});

it('which machine called which stands with it where one row knew both', () => {
  const called = (source: string, target?: string): ResolvedRow => ({
    ...row({ from: 'web', to: 'api', evidence: 'caller' }),
    source: end('web', source),
    target: end('api', target),
  });
  const rows = [called('host:h1', 'host:h2'), called('host:h3', 'host:h4'), called('host:h1')];
  const first = slotOf(0, 10_000, rows);
  const then = slotOf(10_000, 10_000, [called('host:h1', 'host:h2'), called('host:h1', 'host:h4')]);
  const [dependency] = gather([first, then]);
  assert.ok(dependency);
  assert.deepEqual(
    [...totalOf(dependency).hostPairs.values()].map(({ source, target }) => `${source} ${target}`),
    ['host:h1 host:h2', 'host:h3 host:h4', 'host:h1 host:h4'],
  );
});
