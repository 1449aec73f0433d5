import assert from 'node:assert/strict';
import type { GraphAnswer, RequestsSeen } from '@netring/contract/graph';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { redisUnavailableReason, startRedis, type Redis } from '../redis/index.ts';
import { call } from './call.ts';
import { listenToEvents } from './event-stream.ts';
import { startRegistry, type RunningRegistry } from './start-registry.ts';
import { join, type TestMember } from './test-member.ts';
import { at, inventoryOf, listening, service, trafficOf } from './traffic-of-member.ts';

const reason = redisUnavailableReason();
const skipped = reason === undefined ? '' : ` (skipped: ${reason})`;

const graph = async ({ url }: RunningRegistry) => (await call(url, '/topology')).json as GraphAnswer;

/** Everything but the moment, and what it does to ages and rates. */
const lasting = ({ services, dependencies }: GraphAnswer) => ({
  services: Object.keys(services).sort(),
  dependencies: dependencies
    .map((one) => [one.source_service, one.target_service, one.request_count, one.evidence.join()].join(' '))
    .sort(),
});

const inventory = inventoryOf('host-a', '10.0.0.1', [listening('orders', 80), listening('db', 5432)]);
const orders = (requests: number, revision: number) =>
  trafficOf(0, 0, [{ from: service('orders'), to: at('10.0.0.1', 5432), requests }], revision);
const whole = { services: ['us1/db', 'us1/orders'], dependencies: ['us1/orders us1/db 7 caller'] };

describe.skipIf(reason !== undefined)(`the service graph of replicas on one Redis${skipped}`, () => {
  let redis: Redis;
  const running: RunningRegistry[] = [];
  const start = async (environment: Record<string, string> = {}) => {
    const registry = await startRegistry({ redisUrl: redis.url, environment });
    running.push(registry);
    return registry;
  };
  const shows = (registry: RunningRegistry, wanted: typeof whole) =>
    vi.waitFor(async () => assert.deepEqual(lasting(await graph(registry)), wanted), {
      timeout: 60_000,
      interval: 20,
    });
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const registry of running.splice(0)) await registry.stop();
    await redis.stop();
  });

  it('is alike, whichever was told; older states and repetitions change nothing', async () => {
    const [one, two] = [await start(), await start()];
    const member = await join(one.url, 'a', { location: 'us1', ip: '10.0.0.1' });
    await member.report({}, { inventory, traffic: [orders(3, 1)] }, one.url);
    await member.report({}, { traffic: [orders(7, 3)] }, two.url);
    await member.report({}, { traffic: [orders(5, 2)] }, one.url);
    await member.report({}, { traffic: [orders(7, 3)] }, one.url);
    await shows(one, whole);
    await shows(two, whole);
    const three = await start();
    await shows(three, whole);
  });

  it('shows requests as they happen, whichever was told', async () => {
    const [one, two] = [await start(), await start()];
    const member = await join(one.url, 'a', { location: 'us1', ip: '10.0.0.1' });
    await member.report({}, { inventory, traffic: [orders(7, 3)] }, one.url);
    await shows(one, whole);
    await shows(two, whole);
    const streams = [await listenToEvents(one.url), await listenToEvents(two.url)];
    const request = { at_ms: 5_000, source: at('198.51.100.7'), target: service('orders'), status: 200 };
    await member.report({}, { requests: { seen: 40, sample: [request] } }, one.url);
    for (const stream of streams) {
      const told = await vi.waitFor(
        () => {
          const [first] = stream.named('requests');
          assert.ok(first);
          return first.data as unknown as RequestsSeen;
        },
        { timeout: 60_000, interval: 20 },
      );
      assert.deepEqual([told.seen, told.items.map((item) => item.target_service)], [40, ['us1/orders']]);
      stream.close();
    }
  });

  it('keeps what people moved over a flush, on every replica', async () => {
    const environment = { NETRING_OPERATOR_TOKEN: 'the-operator-token' };
    const one = await start(environment);
    const two = await start(environment);
    const joining = { location: 'us1', ip: '10.0.0.1' };
    const places = { 'us1/orders': { x: 7, y: 9, pinned: true } };
    const moved = await call(one.url, '/topology/positions', {
      method: 'PUT',
      body: { positions: places },
      bearer: 'the-operator-token',
    });
    assert.equal(moved.status, 200);
    await redis.flush();
    const placed = async ({ url }: RunningRegistry) => {
      const member = await join(url, 'a', joining).catch(() => undefined);
      await member?.report({}, { inventory, traffic: [orders(7, 3)] });
      assert.deepEqual((await graph(one)).positions['us1/orders'], places['us1/orders']);
      assert.deepEqual((await graph(two)).positions['us1/orders'], places['us1/orders']);
    };
    await vi.waitFor(() => placed(one), { timeout: 60_000, interval: 200 });
    // Who was not moved by hand is given a place beside.
    await vi.waitFor(
      async () => assert.deepEqual(Object.keys((await graph(two)).positions).sort(), whole.services),
      { timeout: 60_000, interval: 100 },
    );
  });

  it('is whole again after the store was emptied, as soon as members report', async () => {
    const one = await start();
    const tell = async (member: TestMember) =>
      (await member.report({}, { inventory, traffic: [orders(7, 3)] })).status;
    const joining = { location: 'us1', ip: '10.0.0.1' };
    assert.equal(await tell(await join(one.url, 'a', joining)), 200);
    await shows(one, whole);
    await redis.flush();
    const again = await join(one.url, 'a', joining);
    await vi.waitFor(async () => assert.equal(await tell(again), 200), { timeout: 60_000, interval: 50 });
    await shows(one, whole);
  });
});
