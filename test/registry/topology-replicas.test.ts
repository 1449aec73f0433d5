import assert from 'node:assert/strict';
import type { GraphAnswer } from '@netring/contract/graph';
import { afterEach, beforeEach, describe, it, vi } from 'vitest';
import { redisUnavailableReason, startRedis, type Redis } from '../redis/index.ts';
import { call } from './call.ts';
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
  const start = async () => {
    const registry = await startRegistry({ redisUrl: redis.url });
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
