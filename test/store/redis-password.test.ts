import { inspect } from 'node:util';
import { openStore, StoreAway } from '@netring/registry/store/index';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Redis } from '../redis/index.ts';
import { redisUnavailableReason, startRedis } from '../redis/index.ts';

const reason = redisUnavailableReason();
const password = 's3cret:with/odd@letters';

describe.skipIf(reason !== undefined)(
  `a Redis with a password${reason ? ` (skipped: ${reason})` : ''}`,
  () => {
    let redis: Redis;
    beforeAll(async () => {
      redis = await startRedis({ configuration: [`requirepass ${password}`], password });
    });
    afterAll(() => redis.stop());

    test.each<[string, () => Parameters<typeof openStore>[0]]>([
      ['of its own', () => ({ kind: 'redis', port: redis.port, password })],
      [
        'in the URL',
        () => ({ kind: 'redis', url: `redis://:${encodeURIComponent(password)}@127.0.0.1:${redis.port}/3` }),
      ],
    ])('opens with a password %s', async (_, options) => {
      const store = await openStore(options());
      expect(await store.commit({})).toMatchObject({ outcome: 'done' });
      await store.close();
    });

    test.each<[string, string | undefined, string]>([
      ['a wrong', 'wr0ng-s3cret', 'WRONGPASS'],
      ['no', undefined, 'NOAUTH'],
    ])(
      'is away for a store with %s password, which is told so without the password',
      async (_, wrong, why) => {
        const store = await openStore({
          kind: 'redis',
          port: redis.port,
          ...(wrong === undefined ? {} : { password: wrong }),
        });
        const error = await store.nowMs().catch((fault: unknown) => fault);
        expect(error).toBeInstanceOf(StoreAway);
        expect((error as StoreAway).message).toContain(why);
        if (wrong !== undefined)
          expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(wrong);
        await store.close();
      },
    );

    test.each(['', 'not a url', 'http://:s3cret@host', 'redis://:s3cret@host/db', 'redis://:s3cret@'])(
      'refuses the address %j without repeating it',
      async (url) => {
        const error = await openStore({ kind: 'redis', url }).catch((fault: unknown) => fault);
        expect(inspect(error)).toContain('expected redis://[user:password@]host[:port][/db]');
        expect(inspect(error, { depth: Infinity })).not.toContain('s3cret');
      },
    );
  },
);
