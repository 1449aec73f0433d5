import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { matchCallee, matchCaller, matchPeer } from './match.ts';
import {
  a,
  around,
  b,
  container,
  serviceOf,
  told,
  viewer,
  type Machine,
  type Situation,
} from './situation.ts';

/** A machine of another location with a container behind a bridge, and a service at its own addresses. */
const elsewhere: Machine = {
  member: 'f',
  location: 'L2',
  addresses: ['10.9.0.1'],
  services: [
    { ...container, aliases: ['shop.example.com'] },
    { ...serviceOf('api@0.0.0.0:443'), aliases: ['api.example.com', 'api.corp.internal'] },
  ],
};
const near: Machine = { ...elsewhere, member: 'c', location: 'L1' };

const callees: [about: string, Situation, name: string, port: number, expected: string][] = [
  ['a bare name means something else elsewhere', { machines: [a, elsewhere] }, 'api', 443, 'external'],
  ['so does one of somebody’s network', { machines: [a, elsewhere] }, 'api.corp.internal', 443, 'external'],
  ['so does a machine’s', { machines: [a, elsewhere] }, 'host-f', 443, 'external'],
  [
    'a full name is the same everywhere',
    { machines: [a, elsewhere] },
    'api.example.com',
    443,
    'L2/api by name',
  ],
  [
    'but leads to no container behind a bridge',
    { machines: [a, elsewhere] },
    'shop.example.com',
    8080,
    'external',
  ],
  ['in the location a bare name is known', { machines: [a, near] }, 'api', 443, 'L1/api by name'],
  ['of another machine’s containers it is not', { machines: [a, near] }, 'shop', 8080, 'external'],
  [
    'of the own machine’s it is',
    { machines: [{ ...a, services: [container] }, near] },
    'shop',
    8080,
    'L1/shop by name',
  ],
  [
    'also where another member of the machine tells of them',
    {
      machines: [
        { ...a, host: 'one' },
        { ...near, host: 'one' },
      ],
    },
    'shop',
    8080,
    'L1/shop by name',
  ],
];

describe('whom a name means', () => {
  it.each(callees)('%s', (_about, situation, host, port, expected) => {
    const match = matchCallee({ host, port, transport: 'tcp' }, viewer('a'), around(situation));
    assert.equal(told(match), expected);
  });

  it('of who asks, by the same rules', () => {
    const toldOf = (host: string) =>
      told(matchCaller({ host }, viewer('a'), around({ machines: [a, elsewhere] })));
    assert.deepEqual([toldOf('api'), toldOf('api.example.com')], ['external', 'L2/api by name']);
  });

  it('what a span calls its peer is the service, wherever it runs, the nearest first', () => {
    const peer = (name: string, machines: Machine[]) =>
      told(matchPeer(name, viewer('a'), around({ machines })));
    assert.equal(peer('shop', [a, elsewhere]), 'L2/shop by name');
    assert.equal(peer('shop', [a, elsewhere, near]), 'L1/shop by name');
    assert.equal(peer('db', [a, b]), 'L1/db by name');
  });
});
