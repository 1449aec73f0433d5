import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { encodeTicket, signTicket, type Ticket } from '@netring/contract/lease';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accepted, openStream, type Admitted } from '../probe/index.ts';
import { createGate } from './gate.ts';

const token = 'the-join-token-of-a-test';
const facts = { fence: 100, source: 'us1-a', target: 'eu1-a', deadline_ms: 10_000 };

let server: Server;
let port: number;
let nowMs: number;
let served: Admitted[];
let testing: boolean;
let mostBytes: number;
const sockets: Socket[] = [];

beforeEach(async () => {
  [nowMs, served, testing, mostBytes] = [5_000, [], false, 1_000_000];
  const gate = createGate({
    instanceId: 'eu1-a',
    tokens: [token, 'the-token-before-it-was-changed'],
    now: () => nowMs,
    isTesting: () => testing,
    mostBytes: () => mostBytes,
    serve(socket, admitted) {
      served.push(admitted);
      sockets.push(socket);
      socket.write(accepted);
      return true;
    },
  });
  server = createServer();
  server.on('upgrade', (request, socket, head: Buffer) => gate.upgrade(request, socket, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
});

async function answerTo(ticket: string): Promise<string> {
  const opened = await openStream({ host: '127.0.0.1', port, ticket }, 'control', 5_000);
  if ('failure' in opened) return opened.failure.reason;
  sockets.push(opened.socket);
  return 'served';
}
const ask = (more: Partial<Ticket> = {}, key = token) =>
  answerTo(encodeTicket(signTicket(key, { ...facts, ...more })));

describe('the door of the far end', () => {
  test('opens to a ticket of the ring, and counts its time from the first connection', async () => {
    expect(await ask()).toBe('served');
    nowMs += 4_000;
    expect(await ask()).toBe('served');
    expect(served.map(({ deadlineAtMs }) => deadlineAtMs)).toEqual([15_000, 15_000]);
    nowMs += 6_000;
    expect(await ask()).toMatch(/409.*time of this lease is over/);
  });

  test('takes a ticket of the token before', async () => {
    expect(await ask({}, 'the-token-before-it-was-changed')).toBe('served');
  });

  test('refuses lower fences than the highest seen', async () => {
    expect(await ask({ fence: 200 })).toBe('served');
    expect(await ask({ fence: 199 })).toMatch(/409.*newer lease/);
    expect(await ask({ fence: 201 })).toBe('served');
  });

  test.each<[string, () => Promise<string>, RegExp]>([
    ['no ticket', () => answerTo('x'), /403.*lease/],
    ['another key', () => ask({}, 'a-token-of-somebody-else'), /403.*lease/],
    ['another member', () => ask({ target: 'ap1-a' }), /403.*another member/],
    [
      'a ticket that was changed',
      () => answerTo(encodeTicket({ ...signTicket(token, facts), fence: 101 })),
      /403.*lease/,
    ],
  ])('stays closed to %s', async (_, asking, reason) => {
    expect(await asking()).toMatch(reason);
    expect(served).toEqual([]);
  });

  test('stays closed while this member tests itself, and when its bytes are spent', async () => {
    testing = true;
    expect(await ask()).toMatch(/409.*test of its own/);
    testing = false;
    mostBytes = 0;
    expect(await ask()).toMatch(/503.*spent/);
  });

  test('answers other protocols with an error', async () => {
    const { request } = await import('node:http');
    const sent = request({
      port,
      path: '/other',
      headers: { connection: 'Upgrade', upgrade: 'websocket' },
    }).end();
    const [response] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    expect(response.statusCode).toBe(404);
  });
});
