import { afterAll, describe, expect, test } from 'vitest';
import { monotonicMs } from '../clock.ts';
import { createIcmpSockets, openIcmpSocket, type EchoAnswer, type IcmpSocket } from './icmp-socket.ts';
import { createPacketBudget } from './packet-budget.ts';

const budget = createPacketBudget(monotonicMs);
const sockets = createIcmpSockets(budget);
afterAll(() => sockets.close());

function isSocket(one: IcmpSocket | { off: string }): one is IcmpSocket {
  return !('off' in one);
}

/** Sends one request and waits for its answer. */
function ask(socket: IcmpSocket, address: string, ttl = 64): Promise<EchoAnswer> {
  return new Promise((resolve, reject) => {
    const session = socket.session({
      onEcho(answer) {
        session.close();
        resolve(answer);
      },
    });
    const sending = session.send({ address, seq: 3, ttl });
    if ('failure' in sending) reject(new Error(sending.failure.reason));
  });
}

describe.each([
  [4, '127.0.0.1'],
  [6, '::1'],
] as const)('over IPv%i', (family, address) => {
  const socket = sockets.of(family);

  test.skipIf(!isSocket(socket))('an echo comes back with its times', async () => {
    if (!isSocket(socket)) return;
    const answer = await ask(socket, address);
    expect(answer).toMatchObject({ seq: 3, from: address });
    expect(answer.receivedMs - answer.sentMs).toBeGreaterThan(0);
  });

  test.skipIf(!isSocket(socket))('one socket serves the whole process', () => {
    expect(sockets.of(family)).toBe(socket);
  });
});

test.skipIf(!isSocket(sockets.of(4)))('a closed socket sends nothing, and another one is opened', () => {
  const others = createIcmpSockets(budget);
  const socket = others.of(4);
  if (!isSocket(socket)) return;
  const session = socket.session({ onEcho: () => undefined });
  socket.close();
  expect(session.send({ address: '127.0.0.1', seq: 1 })).toMatchObject({ failure: { outcome: 'void' } });
  expect(others.of(4)).not.toBe(socket);
  others.close();
});

test.skipIf(!isSocket(sockets.of(4)))('no more is sent than this member may', () => {
  const socket = openIcmpSocket(4, { take: () => false });
  if (!isSocket(socket)) return;
  const session = socket.session({ onEcho: () => undefined });
  expect(session.send({ address: '127.0.0.1', seq: 1 })).toMatchObject({ failure: { outcome: 'void' } });
  socket.close();
});
