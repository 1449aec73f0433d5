import { describe, expect, test } from 'vitest';
import type { RedisPlace } from './options.ts';
import { clusterOptions, reconnectDelayMs, serverOptions } from './options.ts';

const never = () => null;

describe('options for Redis', () => {
  test.each<[string, RedisPlace, object]>([
    ['nothing', {}, { host: '127.0.0.1', port: 6379, db: 0 }],
    [
      'single fields',
      { host: 'r', port: 1, db: 2, password: 'p' },
      { host: 'r', port: 1, db: 2, password: 'p' },
    ],
    ['a URL', { url: 'redis://u:p%40@r:1/2' }, { host: 'r', port: 1, db: 2, username: 'u', password: 'p@' }],
    ['a short URL', { url: 'redis://r' }, { host: 'r', port: 6379, db: 0 }],
    ['an IPv6 URL', { url: 'redis://[::1]:1' }, { host: '::1', port: 1 }],
    ['a URL for TLS', { url: 'rediss://r' }, { host: 'r', tls: {} }],
    ['a URL that wins', { url: 'redis://r/3', host: 'x', port: 1, db: 2 }, { host: 'r', port: 6379, db: 3 }],
    [
      'a URL that leaves something open',
      { url: 'redis://r', db: 2, password: 'p' },
      { db: 2, password: 'p' },
    ],
    [
      'Sentinels',
      { sentinels: [{ host: 's', port: 1 }] },
      { sentinels: [{ host: 's', port: 1 }], name: 'mymaster' },
    ],
  ])('come from %s', (_, place, expected) => {
    expect(serverOptions(place, never)).toMatchObject(expected);
  });

  test('never queue a call, and never make one twice', () => {
    const once = { enableOfflineQueue: false, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 };
    expect(serverOptions({}, never)).toMatchObject(once);
    expect(clusterOptions({}, never)).toMatchObject({
      enableOfflineQueue: false,
      retryDelayOnFailover: 0,
      redisOptions: once,
    });
  });

  test.each([
    [1, 25, 50],
    [2, 50, 100],
    [5, 400, 800],
    [6, 500, 1_000],
    [1_000, 500, 1_000],
  ])('wait before attempt %i between %i and %i ms', (attempt, shortest, longest) => {
    expect(reconnectDelayMs(attempt, 0)).toBe(shortest);
    expect(reconnectDelayMs(attempt, 1)).toBe(longest);
  });
});
