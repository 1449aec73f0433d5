import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import { matchCallee, type Viewer } from './match.ts';
import { a, around, b, container, far, serviceOf, told, viewer, type Situation } from './situation.ts';

const callees: [about: string, Situation, Viewer, host: string, port: number, expected: string][] = [
  ['exact address on the same host', { machines: [b] }, viewer('b'), '10.0.0.2', 5432, 'L1/db by host'],
  [
    'a wildcard listener answers on every address',
    { machines: [a] },
    viewer('a'),
    '10.0.0.1',
    80,
    'L1/web by host',
  ],
  [
    'a wildcard listener answers on loopback',
    { machines: [a] },
    viewer('a'),
    '127.0.0.1',
    80,
    'L1/web by host',
  ],
  ['loopback only inside the host', { machines: [a] }, viewer('a'), '127.0.0.1', 81, 'L1/admin by host'],
  [
    'a loopback listener is nobody’s from elsewhere',
    { machines: [a, b] },
    viewer('b'),
    '10.0.0.1',
    81,
    'host:L1/host-a:81 by location',
  ],
  [
    'another machine’s loopback is not ours',
    { machines: [a, b] },
    viewer('b'),
    '127.0.0.1',
    81,
    'host:L1/host-b:81 by host',
  ],
  ['an IPv6 wildcard hears IPv4', { machines: [b] }, viewer('b'), '10.0.0.2', 6379, 'L1/cache by host'],
  ['IPv4 in IPv6 is IPv4', { machines: [b] }, viewer('b'), '::ffff:10.0.0.2', 5432, 'L1/db by host'],
  [
    'the very address goes before the wildcard',
    { machines: [{ ...a, services: ['any@0.0.0.0:80', 'one@10.0.0.1:80'] }] },
    viewer('a'),
    '10.0.0.1',
    80,
    'L1/one by host',
  ],
  [
    'a container on the own host',
    { machines: [{ ...a, services: [container] }] },
    viewer('a'),
    '172.17.0.2',
    8080,
    'L1/shop by host',
  ],
  [
    'a container address of another host means nothing',
    { machines: [a, { ...b, services: [container] }] },
    viewer('a'),
    '172.17.0.2',
    8080,
    'external',
  ],
  [
    'a pod address is known in its location',
    { machines: [a, { ...b, services: [serviceOf('pod@10.42.0.7/0.0.0.0:80', 'location')] }] },
    viewer('a'),
    '10.42.0.7',
    80,
    'L1/pod by location',
  ],
  [
    'and not beyond it',
    { machines: [{ ...b, services: [serviceOf('pod@10.42.0.7/0.0.0.0:80', 'location')] }, far] },
    viewer('f', 'L2'),
    '10.42.0.7',
    80,
    'external',
  ],
  [
    'two hosts may both have 172.17.0.2',
    {
      machines: [
        { ...a, services: [container] },
        { ...b, services: [serviceOf('other@172.17.0.2/0.0.0.0:8080')] },
      ],
    },
    viewer('b'),
    '172.17.0.2',
    8080,
    'L1/other by host',
  ],
];

describe('who listens at an address of a machine or container', () => {
  it.each(callees)('%s', (_about, situation, from, host, port, expected) => {
    const match = matchCallee({ host, port, transport: 'tcp' }, from, around(situation));
    assert.equal(told(match), expected);
  });
});
