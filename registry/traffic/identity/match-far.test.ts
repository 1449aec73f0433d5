import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { matchCallee, matchPeer, type Viewer } from './match.ts';
import { a, around, b, container, far, told, viewer, type Situation } from './situation.ts';

const callees: [about: string, Situation, Viewer, host: string, port: number, expected: string][] = [
  [
    'a published port leads to its container',
    {
      machines: [
        a,
        {
          ...b,
          services: [container],
          aliases: [{ ip: '10.0.0.2', port: 88, to_ip: '172.17.0.2', to_port: 8080 }],
        },
      ],
    },
    viewer('a'),
    '10.0.0.2',
    88,
    'L1/shop by alias',
  ],
  [
    'also when published on all addresses',
    {
      machines: [
        a,
        {
          ...b,
          services: [container],
          aliases: [{ ip: '0.0.0.0', port: 88, to_ip: '172.17.0.2', to_port: 8080 }],
        },
      ],
    },
    viewer('a'),
    '10.0.0.2',
    88,
    'L1/shop by alias',
  ],
  [
    'a virtual address from conntrack',
    { machines: [{ ...a, aliases: [{ ip: '10.96.0.1', port: 5432, to_ip: '10.0.0.2', to_port: 5432 }] }, b] },
    viewer('a'),
    '10.96.0.1',
    5432,
    'L1/db by alias',
  ],
  [
    'a virtual address of another host’s is nothing to us',
    { machines: [a, { ...b, aliases: [{ ip: '10.96.0.1', port: 5432, to_ip: '10.0.0.2', to_port: 5432 }] }] },
    viewer('a'),
    '10.96.0.1',
    5432,
    'external',
  ],
  [
    'an alias that leads in a circle ends',
    { machines: [{ ...a, aliases: [{ ip: '10.96.0.1', port: 1, to_ip: '10.96.0.1', to_port: 1 }] }] },
    viewer('a'),
    '10.96.0.1',
    1,
    'external',
  ],
  [
    'a host address in the same location',
    { machines: [a, b] },
    viewer('a'),
    '10.0.0.2',
    5432,
    'L1/db by location',
  ],
  [
    'a known machine, an unknown process',
    { machines: [a, b] },
    viewer('a'),
    '10.0.0.2',
    99,
    'host:L1/host-b:99 by location',
  ],
  [
    'a public address across locations',
    { machines: [a, far] },
    viewer('a'),
    '203.0.113.1',
    443,
    'L2/api by routable',
  ],
  [
    'a private one without reach stays in doubt',
    { machines: [a, far] },
    viewer('a'),
    '10.9.0.1',
    90,
    'one of L2/inner',
  ],
  [
    'a private one with reach',
    { machines: [a, far], reach: [['L1', 'L2']] },
    viewer('a'),
    '10.9.0.1',
    90,
    'L2/inner by routable',
  ],
  [
    'not when two claim it',
    {
      machines: [a, far, { ...far, member: 'g', location: 'L3', services: ['x@0.0.0.0:90'] }],
      reach: [
        ['L1', 'L2'],
        ['L1', 'L3'],
      ],
    },
    viewer('a'),
    '10.9.0.1',
    90,
    'one of L2/inner, L3/x',
  ],
  [
    'both sites use 10.0.0.2: the own one is meant',
    {
      machines: [a, b, { ...far, addresses: ['10.0.0.2'], services: ['x@0.0.0.0:5432'] }],
      reach: [['L1', 'L2']],
    },
    viewer('a'),
    '10.0.0.2',
    5432,
    'L1/db by location',
  ],
  [
    'two services claim one address: none is guessed',
    { machines: [a, b, { ...b, member: 'c', services: ['pg@10.0.0.2:5432'] }] },
    viewer('a'),
    '10.0.0.2',
    5432,
    'one of L1/db, L1/pg',
  ],
  [
    'replicas of one name are one service',
    { machines: [a, b, { ...b, member: 'c' }] },
    viewer('a'),
    '10.0.0.2',
    5432,
    'L1/db by location',
  ],
  [
    'a member that speaks goes before one that is silent',
    { machines: [a, { ...b, live: false }, { ...b, member: 'c', services: ['pg@10.0.0.2:5432'] }] },
    viewer('a'),
    '10.0.0.2',
    5432,
    'L1/pg by location',
  ],
  [
    'an address used before is the former service’s then',
    { machines: [a, { ...b, to: 5_000 }, { ...b, services: ['new@10.0.0.2:5432'], from: 5_000 }] },
    viewer('a', 'L1', 4_000),
    '10.0.0.2',
    5432,
    'L1/db by location',
  ],
  [
    'and the new one’s now',
    { machines: [a, { ...b, to: 5_000 }, { ...b, services: ['new@10.0.0.2:5432'], from: 5_000 }] },
    viewer('a', 'L1', 6_000),
    '10.0.0.2',
    5432,
    'L1/new by location',
  ],
  [
    'a listener is told of a moment after its first traffic',
    { machines: [a, { ...b, services: [], to: 5_000 }, { ...b, from: 5_000 }] },
    viewer('a', 'L1', 4_000),
    '10.0.0.2',
    5432,
    'L1/db by location',
  ],
  ['a name', { machines: [a, b] }, viewer('a'), 'db.alias', 5432, 'L1/db by name'],
  [
    'a name of the own location goes before others',
    { machines: [a, b, { ...far, services: ['db@0.0.0.0:5432'] }] },
    viewer('a'),
    'db.alias',
    5432,
    'L1/db by name',
  ],
  [
    'a name that two other locations have',
    { machines: [a, { ...b, location: 'L2' }, { ...far, location: 'L3', services: ['db@0.0.0.0:5432'] }] },
    viewer('a'),
    'db.alias',
    5432,
    'one of L2/db, L3/db',
  ],
  ['the name of a machine', { machines: [a, b] }, viewer('a'), 'Host-B.', 5432, 'L1/db by name'],
  [
    'a configured range',
    { machines: [a], groups: ['partner=203.0.113.0/24'] },
    viewer('a'),
    '203.0.113.9',
    443,
    'group partner',
  ],
  [
    'a configured suffix',
    { machines: [a], groups: ['mail=*.example.com'] },
    viewer('a'),
    'mx1.example.com',
    25,
    'group mail',
  ],
  ['nobody', { machines: [a] }, viewer('a'), '198.51.100.1', 443, 'external'],
  [
    'a member without an inventory sees others’',
    { machines: [b] },
    viewer('a'),
    '10.0.0.2',
    5432,
    'L1/db by location',
  ],
];

describe('who listens behind an alias, in the location, elsewhere, by name', () => {
  it.each(callees)('%s', (_about, situation, from, host, port, expected) => {
    const match = matchCallee({ host, port, transport: 'tcp' }, from, around(situation));
    assert.equal(told(match), expected);
  });

  it('a network of its own goes no further than the location', () => {
    const match = matchCallee(
      { host: '203.0.113.1', port: 443, network: 'shop', transport: 'tcp' },
      viewer('a'),
      around({ machines: [a, far] }),
    );
    assert.equal(told(match), 'external');
  });

  it('a TCP listener hears no UDP', () => {
    const match = matchCallee(
      { host: '10.0.0.2', port: 5432, transport: 'udp' },
      viewer('a'),
      around({ machines: [a, b] }),
    );
    assert.equal(told(match), 'host:L1/host-b:5432 by location');
  });

  it('a name that a span gives', () => {
    assert.equal(told(matchPeer('db', viewer('a'), around({ machines: [a, b] }))), 'L1/db by name');
    assert.equal(told(matchPeer('stripe', viewer('a'), around({ machines: [a, b] }))), 'external');
  });
});
