import { expect, it } from 'vitest';
import { addressPlan, hostsFile } from './address-plan.ts';
import { parseNetwork } from './network.ts';

const network = parseNetwork({
  locations: [{ name: 'us1', hosts: ['a', 'b'] }, 'eu1'],
  routers: ['r1', 'alone'],
  links: [
    { between: ['us1', 'r1'], rtt_ms: 1 },
    { between: ['r1', 'eu1'], rtt_ms: 1 },
  ],
});

it('numbers locations, hosts and links by their order in the file', () => {
  const plan = addressPlan(network);
  expect([...plan.hosts].map(([name, { v4, v6 }]) => [name, v4, v6])).toEqual([
    ['us1-a', '10.1.0.10', 'fd00:1::10'],
    ['us1-b', '10.1.0.11', 'fd00:1::11'],
    ['eu1', '10.2.0.10', 'fd00:2::10'],
  ]);
  expect(plan.links.map((ends) => ends.map(({ v4, v6 }) => `${v4} ${v6}`))).toEqual([
    ['10.255.0.0 fd00:ffff:1::2', '10.255.0.1 fd00:ffff:1::3'],
    ['10.255.0.2 fd00:ffff:2::2', '10.255.0.3 fd00:ffff:2::3'],
  ]);
});

it('writes a hosts file in which a location is also its first host, and a router without links is left out', () => {
  const file = hostsFile(network, addressPlan(network));
  expect(file.split('\n').filter((line) => line.startsWith('1'))).toEqual([
    '127.0.0.1 localhost',
    '10.1.0.10 us1-a us1',
    '10.1.0.11 us1-b',
    '10.2.0.10 eu1',
    '10.1.0.1 us1-router',
    '10.2.0.1 eu1-router',
    '10.255.0.1 r1',
  ]);
});
