import type { GraphAnswer } from '@netring/contract/graph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildNetring } from '../start/built-netring.ts';
import { startRing, type RunningRing } from '../start/running-ring.ts';
import { untilGraph } from './graph-told.ts';

/** A limit for what hangs; people are promised 15 s on a machine of their own. */
const patienceMs = 150_000;

// Elsewhere only 127.0.0.1 is there without asking an administrator, and sockets cannot be looked at.
const reason =
  process.platform === 'linux' ? undefined : `it needs 127.0.0.0/8, and this is ${process.platform}`;

const truth = {
  services: [
    'ap1/payments: payments at ap1',
    'eu1/orders: orders at eu1',
    'group:customers: customers (external)',
    'us1/stock: stock at us1',
    'us1/web: web at us1',
  ],
  dependencies: [
    'eu1/orders → ap1/payments http',
    'eu1/orders → us1/stock tcp',
    'group:customers → us1/web http',
    'us1/web → eu1/orders http',
  ],
};

describe.skipIf(reason !== undefined)(`the demo shop${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let ring: RunningRing;
  let startedMs: number;
  beforeAll(buildNetring, 240_000);
  beforeAll(async () => {
    startedMs = performance.now();
    ring = await startRing();
  });
  afterAll(() => ring?.clear());

  const graph = async () => (await (await fetch(`${ring.url}/topology`)).json()) as GraphAnswer;

  test('shows its true graph: its services by name, where they are, who asks whom, and nothing of the ring', async () => {
    await untilGraph(truth, graph, patienceMs, ring.output);
    console.log(`true ${((performance.now() - startedMs) / 1000).toFixed(1)} s after \`netring up\``);
  });

  test('lays the measured path under every dependency between locations', async () => {
    const kinds = async () =>
      (await graph()).dependencies.map((one) => [
        one.source_service,
        one.target_service,
        one.path.kind,
        one.path.state,
      ]);
    await expect
      .poll(async () => (await kinds()).sort(), { timeout: patienceMs })
      .toEqual([
        ['eu1/orders', 'ap1/payments', 'member', 'ok'],
        ['eu1/orders', 'us1/stock', 'member', 'ok'],
        ['group:customers', 'us1/web', 'none', 'unknown'],
        ['us1/web', 'eu1/orders', 'member', 'ok'],
      ]);
  });

  test('counts requests and times them on every dependency, and says how it is', async () => {
    await expect
      .poll(async () => (await graph()).dependencies.map((one) => [one.request_count > 20, one.health]), {
        timeout: patienceMs,
      })
      .toEqual(Array(4).fill([true, 'healthy']));
    for (const one of (await graph()).dependencies)
      expect(one).toMatchObject({
        counted_by: 'log',
        error_count: 0,
        p50_latency_ms: expect.any(Number) as number,
      });
  });
});
