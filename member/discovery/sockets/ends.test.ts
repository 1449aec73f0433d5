import { expect, test } from 'vitest';
import { Connection } from './connection.ts';
import { resolveEnds, type ResolveNeeds } from './ends.ts';
import { createPairs } from './pairs.ts';
import { noInfo, socketState } from './socket-row.ts';

/** This host has 10.0.0.1; nobody else is seen. */
const needs: ResolveNeeds = {
  pairs: createPairs(),
  pidOf: () => 5,
  serviceOfPid: () => 'shop',
  serviceOfListener: () => undefined,
  listenerAt: () => undefined,
  isOnHost: (address) => address === '10.0.0.1',
  isLocal: () => false,
  isOwn: () => false,
  isOwnPlace: () => false,
  isPassingOn: () => false,
  only: undefined,
  callerId: (host) => `address:${host}`,
  calleeId: (host, port) => `address:${host}:${port}`,
};

/** A caller's socket towards that address, in the so manyth look that sees it. */
function towards(remote: string, seen: number): Connection {
  const row = {
    ...{ ...noInfo, state: socketState.established, inode: 1, cookie: 1, isV6Only: false, sendQueue: 0 },
    ...{ localPort: 40_000, remotePort: 80 },
    ...{ localAddress: () => '10.0.0.1', remoteAddress: () => remote },
  };
  const one = new Connection(row, 1, 'tcp', 0, false);
  one.seen = seen;
  return one;
}

test.each<[string, number, string]>([
  ['10.0.0.1', 1, 'waits'],
  ['10.0.0.1', 2, 'dependency'],
  ['10.9.9.9', 1, 'dependency'],
])('towards %s, seen by look %i: %s', (remote, seen, outcome) => {
  expect(resolveEnds(towards(remote, seen), needs).outcome).toBe(outcome);
});
