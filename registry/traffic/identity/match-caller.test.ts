import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { matchCaller, type Viewer } from './match.ts';
import { a, around, b, container, far, serviceOf, told, viewer, type Situation } from './situation.ts';

const callers: [about: string, Situation, Viewer, host: string, expected: string][] = [
  ['loopback is the own machine', { machines: [a] }, viewer('a'), '127.0.0.1', 'host:L1/host-a by host'],
  [
    'the own address is the own machine',
    { machines: [a] },
    viewer('a'),
    '10.0.0.1',
    'host:L1/host-a by host',
  ],
  [
    'a container of the own machine is its service',
    { machines: [{ ...a, services: [container] }] },
    viewer('a'),
    '172.17.0.2',
    'L1/shop by host',
  ],
  [
    'two services in one pod',
    { machines: [{ ...a, services: [container, serviceOf('side@172.17.0.2/0.0.0.0:9')] }] },
    viewer('a'),
    '172.17.0.2',
    'one of L1/shop, L1/side',
  ],
  [
    'a bridge’s gateway is never a service',
    { machines: [{ ...a, addresses: ['10.0.0.1', '172.17.0.1'], gateways: ['172.17.0.1'] }] },
    viewer('a'),
    '172.17.0.1',
    'gateway of host-a',
  ],
  [
    'another machine of the location',
    { machines: [a, b] },
    viewer('a'),
    '10.0.0.2',
    'host:L1/host-b by location',
  ],
  [
    'a machine elsewhere at its public address',
    { machines: [a, far] },
    viewer('a'),
    '203.0.113.1',
    'host:L2/host-f by routable',
  ],
  [
    'a machine elsewhere at a private address without reach',
    { machines: [a, far] },
    viewer('a'),
    '10.9.0.1',
    'external',
  ],
  [
    'and with it',
    { machines: [a, far], reach: [['L2', 'L1']] },
    viewer('a'),
    '10.9.0.1',
    'host:L2/host-f by routable',
  ],
  ['a stranger', { machines: [a] }, viewer('a'), '198.51.100.1', 'external'],
];

describe('who asks from an address', () => {
  it.each(callers)('%s', (_about, situation, from, host, expected) => {
    assert.equal(told(matchCaller({ host }, from, around(situation))), expected);
  });
});
