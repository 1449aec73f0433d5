import { performance } from 'node:perf_hooks';
import { Cluster, type Redis } from 'ioredis';
import { createLink } from './link.ts';
import type { RedisPlace } from './options.ts';

/** What a Redis server tells of itself, as far as it lets one ask. */
export interface RedisAbout {
  /** `host:port`, without an account. */
  address: string;
  version: string;
  pingMs: number;
  role: string;
  /** `noeviction`, …; undefined: not told. */
  policy: string | undefined;
  /** 0: no limit. */
  maxBytes: number;
  usedBytes: number;
  evictedKeys: number;
  appendOnly: boolean;
  /** Of snapshots, as in redis.conf; empty: none are made; undefined: not told, as where CONFIG is forbidden. */
  savePoints: string | undefined;
  /** Of the append-only file or of a snapshot. */
  lastWriteFailed: boolean;
  /** The server's clock, epoch milliseconds. */
  nowMs: number;
}

/**
 * Asks the server, or every master of a Cluster. Changes nothing.
 *
 * @throws StoreAway when there is none, or it refuses us; the message holds no secret.
 */
export async function aboutRedis(place: RedisPlace): Promise<RedisAbout[]> {
  const link = createLink(place, false);
  try {
    await link.connect();
    const { client } = link;
    const servers = client instanceof Cluster ? client.nodes('master') : [client];
    return await link.ask(Promise.all(servers.map(aboutServer)));
  } finally {
    link.close();
  }
}

async function aboutServer(server: Redis): Promise<RedisAbout> {
  const askedMs = performance.now();
  await server.ping();
  const pingMs = performance.now() - askedMs;
  const facts = factsIn(await server.info());
  // `CONFIG` is forbidden where somebody else operates the server.
  const saving = await server.config('GET', 'save').catch(() => undefined);
  const [seconds = 0, microseconds = 0] = (await server.time()).map(Number);
  const { host = 'localhost', port = 6379 } = server.options;
  return {
    address: `${host}:${port}`,
    version: facts.get('redis_version') ?? '0',
    pingMs,
    role: facts.get('role') ?? 'unknown',
    policy: facts.get('maxmemory_policy'),
    maxBytes: Number(facts.get('maxmemory') ?? 0),
    usedBytes: Number(facts.get('used_memory') ?? 0),
    evictedKeys: Number(facts.get('evicted_keys') ?? 0),
    appendOnly: facts.get('aof_enabled') === '1',
    savePoints: Array.isArray(saving) ? String(saving[1] ?? '') : undefined,
    lastWriteFailed: ['aof_last_write_status', 'aof_last_bgrewrite_status', 'rdb_last_bgsave_status'].some(
      (name) => facts.get(name) === 'err',
    ),
    nowMs: seconds * 1000 + microseconds / 1000,
  };
}

/** Lines `name:value` of `INFO`. */
function factsIn(text: string): Map<string, string> {
  return new Map(
    text.split('\r\n').flatMap((line): [string, string][] => {
      const at = line.indexOf(':');
      return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
}
