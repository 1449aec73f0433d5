import type { OverviewAnswer } from '@netring/contract/overview';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { redisUnavailableReason, startRedis, type Redis } from '../redis/index.ts';
import { startRegistry, type RunningRegistry } from './start-registry.ts';
import { join, members, overview, paths, reportOf } from './test-member.ts';
import { call } from './call.ts';

const reason = redisUnavailableReason();
const skipped = reason === undefined ? '' : ` (skipped: ${reason})`;

/** Apart from the moment of asking; since when a state holds is known to those only who saw it begin. */
function comparable({ now_ms: _, store, location_paths, coverage, ...rest }: OverviewAnswer) {
  const { planned, measured } = coverage;
  const paths = location_paths.map((path) => ({ ...path, since_ms: undefined }));
  return { ...rest, store: store.state, location_paths: paths, planned, measured };
}

async function expectAlike(one: RunningRegistry, other: RunningRegistry): Promise<void> {
  await vi.waitFor(
    async () => {
      const [a, b] = await Promise.all([overview(one.url), overview(other.url)]);
      expect(comparable(b)).toEqual(comparable(a));
    },
    { timeout: 60_000, interval: 20 },
  );
}

describe.skipIf(reason !== undefined)(`replicas on one Redis${skipped}`, () => {
  let redis: Redis;
  let running: RunningRegistry[] = [];
  const start = async () => {
    const registry = await startRegistry({ redisUrl: redis.url });
    running.push(registry);
    return registry;
  };
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const registry of running.splice(0)) await registry.stop();
    await redis.stop();
  });
  const stop = async (registry: RunningRegistry) => {
    running = running.filter((one) => one !== registry);
    await registry.stop();
  };

  test('show the same within two seconds, whichever was spoken to', async () => {
    const one = await start();
    const two = await start();
    const ann = await join(one.url, 'ann', { location: 'us1', port: 1 });
    const bob = await join(two.url, 'bob', { location: 'eu1', port: 2 });
    await ann.report({ bob: 'ok' }, {}, two.url);
    await bob.report({ ann: 'timeout' }, {}, one.url);
    await vi.waitFor(async () => expect((await overview(one.url)).coverage.measured).toBe(2), 60_000);
    await expectAlike(one, two);
    const states = (await overview(two.url)).location_paths.map(({ source, state }) => [source, state]);
    expect(states).toEqual([
      ['us1', 'ok'],
      ['eu1', 'down'],
    ]);
    await bob.deregister();
    await vi.waitFor(async () => expect((await overview(one.url)).location_paths).toEqual([]), 60_000);
    await expectAlike(one, two);
  });

  test('go on without one that ends, and one that starts later shows the same', async () => {
    const one = await start();
    const two = await start();
    const ann = await join(one.url, 'ann', { location: 'us1', port: 1 });
    const bob = await join(one.url, 'bob', { location: 'eu1', port: 2 });
    await ann.report({ bob: 'ok' });
    await stop(one);
    expect((await ann.heartbeat(two.url)).status).toBe(200);
    expect((await bob.report({ ann: 'refused' }, {}, two.url)).status).toBe(200);
    await vi.waitFor(async () => expect((await overview(two.url)).coverage.measured).toBe(2), 60_000);
    const three = await start();
    await expectAlike(two, three);
    await vi.waitFor(async () => expect(await members(three.url)).toEqual(await members(two.url)), 60_000);
  });

  test('count a report once that reached both at once, or one after the other', async () => {
    const one = await start();
    const two = await start();
    const ann = await join(one.url, 'ann', { location: 'us1', port: 1 });
    await join(one.url, 'bob', { location: 'eu1', port: 2 });
    await vi.waitFor(async () => expect(await members(two.url)).toHaveLength(2), 60_000);
    const body = reportOf('ann', 100, { bob: 'ok' });
    const send = (base: string) => call(base, '/report', { body, bearer: ann.session });
    const answers = [
      ...(await Promise.all([one, two, one, two].map(({ url }) => send(url)))),
      await send(two.url),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const checks = async ({ url }: RunningRegistry) =>
      (await paths(url)).member_paths.find(({ source }) => source === 'ann')?.checks[0]?.window;
    for (const registry of [one, two])
      await vi.waitFor(
        async () => expect(await checks(registry)).toMatchObject({ checks: 1, sent: 1, failed: 0 }),
        60_000,
      );
  });

  test('share sessions and secrets: what one gave, the other asks for', async () => {
    const one = await start();
    const two = await start();
    const ann = await join(one.url, 'ann', { port: 1 });
    const asOther = await call(two.url, '/deregister', {
      body: { instance_id: 'ann' },
      bearer: 'x'.repeat(48),
    });
    expect(asOther.status).toBe(401);
    const again = await call(two.url, '/register', {
      body: { instance_id: 'ann', location: 'us1', ip: '127.0.0.1', port: 99, session: ann.session },
      bearer: 'the-join-token-of-a-test',
    });
    expect(again.status).toBe(200);
    expect((await ann.heartbeat()).status).toBe(401);
  });
});
