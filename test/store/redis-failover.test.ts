import { openStore } from '@netring/registry/store/index';
import { describe, expect, test } from 'vitest';
import { redisUnavailableReason, startSentinelSetup } from '../redis/index.ts';

const reason = redisUnavailableReason();

describe.skipIf(reason !== undefined)(`a failover${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test(
    'is followed: the store goes on at the new master after the old one was killed',
    { timeout: 150_000 },
    async () => {
      const setup = await startSentinelSetup();
      const store = await openStore({
        kind: 'redis',
        sentinels: [{ host: '127.0.0.1', port: setup.sentinel.port }],
      });
      await store.table.put('g', 'k', 'v');
      await setup.master.kill();
      const put = () =>
        store.table.put('g', 'k', 'after').then(
          () => true,
          () => false,
        );
      await expect.poll(put, { timeout: 60_000, interval: 100 }).toBe(true);
      expect(await setup.replica.ask('HGET netring:{0}:table:g k')).toContain('after');
      await store.close();
      await setup.stop();
    },
  );
});
