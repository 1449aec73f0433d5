import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { monotonicMs } from '../clock.ts';
import { runBandwidth, type BandwidthOrder } from './bandwidth.ts';
import { createFarEnd, type FarEnd } from './bandwidth-far.ts';
import { roleHeader, type Role } from './bandwidth-wire.ts';

let server: Server;
let farEnd: FarEnd;
let order: BandwidthOrder;
let served: { fence: number; received: number; sent: number }[];
let farBytes: number;
let farDeadlineMs: number;

beforeEach(async () => {
  [served, farBytes, farDeadlineMs] = [[], 1e9, 20_000];
  farEnd = createFarEnd(monotonicMs, (one) => served.push(one));
  server = createServer();
  const deadlines = new Map<number, number>();
  server.on('upgrade', (request, socket) => {
    const fence = Number(request.headers['netring-ticket']);
    const deadlineAtMs = deadlines.get(fence) ?? monotonicMs() + farDeadlineMs;
    deadlines.set(fence, deadlineAtMs);
    const role = request.headers[roleHeader] as Role;
    farEnd.serve(socket as Socket, { fence, role, deadlineAtMs, mostBytes: farBytes });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const deadlineAtMs = monotonicMs() + 20_000;
  order = { fence: 7, host: '127.0.0.1', port, ticket: '7', deadlineAtMs, mostBytes: 1e9, sizeIsSet: true };
});
afterEach(() => {
  farEnd.stop();
  server.close();
});

const never = new AbortController().signal;

test('a byte cap that ends within slow start is inconclusive in both directions, and says what to set', async () => {
  const run = await runBandwidth({ ...order, mostBytes: 1_000_000 }, monotonicMs, never);
  for (const one of run.results) {
    expect([one.direction, one.outcome, one.limited_by]).toEqual([one.direction, 'inconclusive', 'cap']);
    expect(one.reason).toMatch(
      /1 MB were spent within slow start.*set NETRING_BANDWIDTH_TEST_SIZE_MB to at least \d+/,
    );
    expect(one.bytes).toBeLessThan(3_000_000);
    expect(one.mbps).toBeUndefined();
  }
  await expect.poll(() => served.length).toBe(1);
  expect(served[0]?.received).toBeLessThanOrEqual(1_000_000);
});

test('the far end keeps to bytes of its own', async () => {
  farBytes = 1_000_000;
  const run = await runBandwidth(order, monotonicMs, never);
  for (const one of run.results) expect(one.outcome).toBe('inconclusive');
  expect(served.every(({ received, sent }) => received < 8_000_000 && sent <= 1_000_000)).toBe(true);
});

test('the far end ends it at its own deadline', async () => {
  farDeadlineMs = 700;
  const startedMs = monotonicMs();
  const run = await runBandwidth(order, monotonicMs, never);
  expect(monotonicMs() - startedMs).toBeLessThan(10_000);
  for (const one of run.results) expect([one.outcome, one.mbps]).not.toContain('ok');
});

test('when nobody listens both directions say so', async () => {
  server.close();
  const run = await runBandwidth(order, monotonicMs, never);
  expect(run.results.map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
});

test('an abort ends it', async () => {
  const controller = new AbortController();
  const running = runBandwidth(order, monotonicMs, controller.signal);
  setTimeout(() => controller.abort(), 600);
  const run = await running;
  expect(run.results.map(({ outcome }) => outcome)).not.toContain('ok');
  await expect.poll(() => served.length).toBe(1);
});
