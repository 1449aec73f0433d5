import type { RedisAbout } from '@netring/registry/store/index';
import { expect, test } from 'vitest';
import { judgeRedis } from './redis.ts';

const fine: RedisAbout = {
  address: 'redis:6379',
  version: '7.0.15',
  pingMs: 0.4,
  role: 'master',
  policy: 'noeviction',
  maxBytes: 1_000_000_000,
  usedBytes: 20_000_000,
  evictedKeys: 0,
  appendOnly: true,
  savePoints: '3600 1',
  lastWriteFailed: false,
  nowMs: 0,
};

test('a Redis that is fit', () => {
  expect(judgeRedis(fine).map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
});

test.each<[string, Partial<RedisAbout>, string]>([
  ['too old', { version: '6.0.16' }, 'problem Redis: version'],
  ['a replica', { role: 'slave' }, 'problem Redis: role'],
  ['one that evicts', { policy: 'allkeys-lru' }, 'problem Redis: memory policy'],
  ['one that would evict', { policy: 'allkeys-lru', maxBytes: 0 }, 'warning Redis: memory policy'],
  ['a full one', { usedBytes: 950_000_000 }, 'problem Redis: memory'],
  ['one that tells nothing', { policy: undefined }, 'warning Redis: memory policy'],
  ['one that keeps nothing', { appendOnly: false, savePoints: '' }, 'warning Redis: persistence'],
  ['one with snapshots', { appendOnly: false }, 'warning Redis: persistence'],
  ['a full disk', { lastWriteFailed: true }, 'problem Redis: persistence'],
  ['one that has evicted', { evictedKeys: 3 }, 'warning Redis: evictions'],
])('%s', (_, changed, expected) => {
  const wrong = judgeRedis({ ...fine, ...changed }).filter(({ outcome }) => outcome !== 'ok');
  expect(wrong.map(({ outcome, check }) => `${outcome} ${check}`)).toEqual([expected]);
  expect(wrong[0]?.todo).toBeTruthy();
});
