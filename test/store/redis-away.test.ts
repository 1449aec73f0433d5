import { setTimeout as sleep } from 'node:timers/promises';
import type { Store, StoreOptions } from '@netring/registry/store/index';
import { openStore, StoreAway } from '@netring/registry/store/index';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Redis } from '../redis/index.ts';
import { redisUnavailableReason, startRedis } from '../redis/index.ts';
import { answers, callAll, recoversWithinMs, saysSoWithinMs, setups } from './away.ts';
import { unique } from './engines.ts';

const reason = redisUnavailableReason();
const skipped = reason === undefined ? '' : ` (skipped: ${reason})`;

const slow = { timeout: 180_000 };

describe.skipIf(reason !== undefined).each(setups)(`a store on %s that goes away${skipped}`, (_, setUp) => {
  let redis: Redis;
  let options: StoreOptions;
  let store: Store;
  let stopAll: () => Promise<void>;
  beforeEach(async () => {
    ({ redis, options, stop: stopAll } = await setUp());
    store = await openStore(options);
  });
  afterEach(async () => {
    await store.close();
    await stopAll();
  });

  test('rejects every call as away after kill -9, and recovers by itself', slow, async () => {
    await redis.kill();
    const { others, slowestMs } = await callAll(store);
    expect(others).toEqual([]);
    expect(slowestMs).toBeLessThan(saysSoWithinMs);
    await redis.restart();
    await expect.poll(() => answers(store), { timeout: recoversWithinMs }).toBe(true);
    expect(await store.commit({ stamp: [{ group: 'g', key: 'k' }] })).toMatchObject({ outcome: 'done' });
  });

  test('rejects every call as away while Redis hangs, and recovers when it goes on', slow, async () => {
    process.kill(redis.pid, 'SIGSTOP');
    const first = await callAll(store);
    const second = await callAll(store);
    await sleep(1_000);
    process.kill(redis.pid, 'SIGCONT');
    expect([first.others, second.others]).toEqual([[], []]);
    expect(first.slowestMs).toBeLessThan(saysSoWithinMs);
    expect(second.slowestMs).toBeLessThan(saysSoWithinMs);
    await expect.poll(() => answers(store), { timeout: recoversWithinMs }).toBe(true);
  });

  test.each(['SIGKILL', 'SIGSTOP'] as const)(
    'ends a tail as away when Redis gets %s',
    slow,
    async (signal) => {
      const log = unique('tail');
      const heard: string[] = [];
      const follow = (afterId: string, stop: AbortSignal) =>
        store.log.tail(
          log,
          afterId,
          (entries) => heard.push(...entries.map(({ value }) => String(value))),
          stop,
        );
      const tail = follow('0-0', new AbortController().signal).catch((error: unknown) => error);
      await store.log.append(log, 'before', { entries: 10, ageMs: 600_000 });
      await expect.poll(() => heard, { timeout: recoversWithinMs }).toEqual(['before']);
      process.kill(redis.pid, signal);
      expect(await tail).toBeInstanceOf(StoreAway);
      await redis.restart();
      await expect.poll(() => answers(store), { timeout: recoversWithinMs }).toBe(true);
      const stop = new AbortController();
      const again = follow('0-0', stop.signal);
      await store.log.append(log, 'after', { entries: 10, ageMs: 600_000 });
      await expect.poll(() => heard, { timeout: recoversWithinMs }).toEqual(['before', 'after']);
      stop.abort();
      await again;
    },
  );
});

describe.skipIf(reason !== undefined)(`a store whose Redis goes away${skipped}`, () => {
  let redis: Redis;
  let store: Store;
  beforeEach(async () => {
    redis = await startRedis();
    store = await openStore({ kind: 'redis', url: redis.url });
  });
  afterEach(async () => {
    await store.close();
    await redis.stop();
  });

  test('fails commits under way at kill -9 with nothing but StoreAway', async () => {
    const faults: unknown[] = [];
    let done = 0;
    let isOver = false;
    async function commitOn(writer: number): Promise<void> {
      for (let order = 0; !isOver; order++) {
        const change = { put: [{ group: `g${writer}`, key: 'k', value: Buffer.alloc(10_000, order) }] };
        await store.commit(change).then(
          () => done++,
          (error: unknown) => faults.push(error),
        );
        if (faults.length > 0) await sleep(1);
      }
    }
    const writers = Array.from({ length: 32 }, (_, writer) => commitOn(writer));
    await expect.poll(() => done, { timeout: recoversWithinMs }).toBeGreaterThan(500);
    await redis.kill();
    await expect.poll(() => faults.length, { timeout: recoversWithinMs }).toBeGreaterThan(32);
    const before = done;
    await redis.restart();
    await expect.poll(() => done, { timeout: recoversWithinMs }).toBeGreaterThan(before + 500);
    isOver = true;
    await Promise.all(writers);
    expect(faults.filter((fault) => !(fault instanceof StoreAway))).toEqual([]);
  });

  test('lets a tail be told to stop, and the store be closed, while Redis hangs', async () => {
    const stop = new AbortController();
    const tail = store.log.tail('l', '0-0', () => undefined, stop.signal);
    const left = store.log.tail('l', '0-0', () => undefined, new AbortController().signal);
    await store.log.append('other', 'x', { entries: 1, ageMs: 1_000 });
    process.kill(redis.pid, 'SIGSTOP');
    stop.abort();
    await expect(tail).resolves.toBeUndefined();
    const leftEnds = expect(left).rejects.toBeInstanceOf(StoreAway);
    await store.close();
    await leftEnds;
    expect((await callAll(store)).others).toEqual([]);
  });

  test('can be opened before Redis is there', async () => {
    await redis.kill();
    const early = await openStore({ kind: 'redis', url: redis.url });
    expect((await callAll(early)).others).toEqual([]);
    await redis.restart();
    await expect.poll(() => answers(early), { timeout: recoversWithinMs }).toBe(true);
    await early.close();
  });

  test('says which Redis is away and why', async () => {
    await redis.kill();
    await expect(store.nowMs()).rejects.toThrow(
      new RegExp(`^Redis at .*127.0.0.1:${redis.port}.* is away: `),
    );
    await expect
      .poll(() => store.nowMs().catch((error: Error) => error.message), { timeout: recoversWithinMs })
      .toContain('ECONNREFUSED');
  });
});
