import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBroadcast, type Broadcast } from './broadcast.ts';

let broadcast: Broadcast;
let server: Server;
let refused = 0;
const joined: IncomingMessage[] = [];
beforeEach(async () => {
  broadcast = createBroadcast('r');
  refused = 0;
  server = createServer((asked, response) => {
    const last = asked.headers['last-event-id'];
    if (!broadcast.join(response, typeof last === 'string' ? last : undefined, () => '{"whole":true}')) {
      refused++;
      response.writeHead(503).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const one of joined.splice(0)) one.destroy();
  server.closeAllConnections();
  server.close();
});

async function join(lastEventId?: string): Promise<{ response: IncomingMessage; text: () => string }> {
  const { port } = server.address() as AddressInfo;
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  const asked = request({ port, host: '127.0.0.1', headers, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  joined.push(response);
  let text = '';
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { response, text: () => text };
}

const tick = (n: number) => broadcast.send('tick', { now_ms: n });
const frame = (n: number) => `id: r-${n}\nevent: tick\ndata: {"now_ms":${n}}\n\n`;
const hello = 'retry: 1000\n\n';

describe('a broadcast', () => {
  test.each([
    ['without an id', undefined, `${hello}id: r-3\nevent: snapshot\ndata: {"whole":true}\n\n`],
    ['after the last one', 'r-3', hello],
    ['after an earlier one', 'r-1', hello + frame(2) + frame(3)],
    ['after none', 'r-0', hello + frame(1) + frame(2) + frame(3)],
    ['of another replica', 'x-1', `${hello}id: r-3\nevent: snapshot\ndata: {"whole":true}\n\n`],
  ])('begins %s where it is right to', async (_, lastEventId, text) => {
    for (const n of [1, 2, 3]) tick(n);
    const listener = await join(lastEventId);
    tick(4);
    await vi.waitFor(() => expect(listener.text()).toBe(text + frame(4)), 60_000);
  });

  test('begins anew for who was away for longer than it remembers', async () => {
    for (let n = 1; n <= 600; n++) tick(n);
    const late = await join('r-87');
    const inTime = await join('r-88');
    await vi.waitFor(() => expect(late.text()).toContain('event: snapshot'), 60_000);
    await vi.waitFor(() => expect(inTime.text()).toContain(frame(600)), 60_000);
    expect(inTime.text()).toMatch(/^retry: 1000\n\nid: r-89\n/);
  });

  test('lets go of a listener that does not read, and of no other', async () => {
    const slow = await join();
    const quick = await join();
    slow.response.pause();
    const reason = 'x'.repeat(1024 * 1024);
    const large = { now_ms: 0, store: { state: 'away' as const, since_ms: 0, reason } };
    await vi.waitFor(
      () => {
        broadcast.send('store', large);
        expect(broadcast.listeners()).toBe(1);
      },
      { timeout: 60_000, interval: 5 },
    );
    tick(7);
    await vi.waitFor(() => expect(quick.text()).toContain('data: {"now_ms":7}'), 60_000);
    expect(quick.response.destroyed).toBe(false);
  });

  test('forgets a listener that has gone', async () => {
    const listener = await join();
    expect(broadcast.listeners()).toBe(1);
    listener.response.destroy();
    await vi.waitFor(() => expect(broadcast.listeners()).toBe(0), 60_000);
  });

  test('takes 256 listeners, and then no more', async () => {
    for (let i = 0; i < 256; i++) await join();
    expect(broadcast.listeners()).toBe(256);
    await join();
    expect(broadcast.listeners()).toBe(256);
    expect(refused).toBe(1);
  });

  test('ends for everybody when it is closed', async () => {
    const listener = await join();
    broadcast.close();
    await once(listener.response, 'end');
  });
});
