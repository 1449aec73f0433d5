import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { redisUnavailableReason, startRedis, type Redis } from '../redis/index.ts';
import { call } from './call.ts';
import { startRegistry, type RunningRegistry } from './start-registry.ts';
import { join, lasting, members, overview, type TestMember } from './test-member.ts';

const reason = redisUnavailableReason();
const skipped = reason === undefined ? '' : ` (skipped: ${reason})`;

const away = { error: { code: 'store_away', message: 'the store does not answer: try again soon' } };
/** The store says so after 2.5 s at most; the rest is for a busy machine, and so are two more attempts. */
const saysSoWithinMs = 5_000;

describe.skipIf(reason !== undefined)(`a registry whose Redis goes away${skipped}`, () => {
  let redis: Redis;
  let registry: RunningRegistry;
  let ann: TestMember;
  beforeEach(async () => {
    redis = await startRedis();
    registry = await startRegistry({ redisUrl: redis.url });
    ann = await join(registry.url, 'ann', { location: 'us1', port: 1 });
    await join(registry.url, 'bob', { location: 'eu1', port: 2 });
    await ann.report({ bob: 'ok' });
    await vi.waitFor(async () => expect((await overview(registry.url)).coverage.measured).toBe(1), 60_000);
  });
  afterEach(async () => {
    await registry.stop();
    await redis.stop();
  });

  const saysAway = () =>
    vi.waitFor(async () => expect((await overview(registry.url)).store.state).toBe('away'), {
      timeout: 60_000,
      interval: 50,
    });

  test.each(['SIGSTOP', 'SIGKILL'] as const)(
    'by %s says so, shows what it knew, and comes back',
    async (signal) => {
      const before = await overview(registry.url);
      process.kill(redis.pid, signal);
      const tookMs: number[] = [];
      while (tookMs.length < 3 && !tookMs.some((one) => one < saysSoWithinMs)) {
        const begunMs = performance.now();
        for (const answer of await Promise.all([
          ann.heartbeat(),
          ann.report({ bob: 'ok' }),
          ann.deregister(),
        ]))
          expect([answer.status, answer.json, answer.headers['retry-after']]).toEqual([503, away, '1']);
        tookMs.push(performance.now() - begunMs);
      }
      expect(Math.min(...tookMs)).toBeLessThan(saysSoWithinMs);

      await saysAway();
      const shown = await overview(registry.url);
      expect(shown.store.reason).toMatch(/^Redis at .*127\.0\.0\.1:\d+ is away: /);
      expect(shown.location_paths).toEqual(before.location_paths);
      expect(lasting(shown.members)).toEqual(lasting(before.members));
      const ready = await call(registry.url, '/ready');
      expect([ready.status, ready.json]).toEqual([
        503,
        { ready: false, reasons: [`the store is away: ${shown.store.reason}`] },
      ]);
      expect((await call(registry.url, '/health')).status).toBe(200);
      expect((await call(registry.url, '/metrics')).text).toContain('netring_registry_store_up 0');

      if (signal === 'SIGSTOP') process.kill(redis.pid, 'SIGCONT');
      else await redis.restart();
      await vi.waitFor(async () => expect((await call(registry.url, '/ready')).status).toBe(200), {
        timeout: 60_000,
      });
      if (signal === 'SIGKILL') return expect((await ann.heartbeat()).status).toBe(404);
      expect((await members(registry.url)).map(({ status }) => status)).not.toContain('stale');
      return expect([200, 404]).toContain((await ann.heartbeat()).status);
    },
    60_000,
  );

  test('shows nobody as stale, however long it takes', async () => {
    process.kill(redis.pid, 'SIGSTOP');
    await saysAway();
    const now = vi.spyOn(performance, 'now');
    const real = performance.timeOrigin;
    now.mockImplementation(() => Date.now() - real + 900_000);
    const statuses = (await members(registry.url)).map(({ status }) => status);
    now.mockRestore();
    expect(statuses).toEqual(['online', 'online']);
  });
});

describe.skipIf(reason !== undefined)(`a registry that starts before its Redis${skipped}`, () => {
  test('tells nobody that nobody is there, and is whole once Redis is', async () => {
    const redis = await startRedis();
    await redis.kill();
    const registry = await startRegistry({ redisUrl: redis.url }, { whenReady: false });
    for (const path of ['/members', '/members?view=plan', '/prometheus/targets']) {
      const answer = await call(registry.url, path, { bearer: undefined });
      expect([path, answer.status, answer.json]).toEqual([
        path,
        503,
        { error: { code: 'not_ready', message: 'the picture is not loaded yet: try again soon' } },
      ]);
    }
    expect((await call(registry.url, '/health')).status).toBe(200);
    expect((await call(registry.url, '/ready')).status).toBe(503);
    await redis.restart();
    await vi.waitFor(async () => expect(await members(registry.url)).toEqual([]), { timeout: 60_000 });
    await join(registry.url, 'ann');
    await registry.stop();
    await redis.stop();
  });
});
