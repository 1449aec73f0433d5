import { randomUUID } from 'node:crypto';
import type { Change, Store } from '../store.ts';
import { commit } from './commit.ts';
import { generationKey } from './keys.ts';
import { redisLease } from './lease.ts';
import { createLink } from './link.ts';
import { redisLog } from './log.ts';
import type { RedisPlace } from './options.ts';
import { runScript, script } from './script.ts';
import { redisTable } from './table.ts';

export type { Address, RedisPlace } from './options.ts';

const generationScript = script(`
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
`);

/**
 * A store on Redis 6.2 or later. Resolves once it is connected or the first try failed: a store that is away at first
 * is away like any other, and comes by itself.
 *
 * @throws Error when `place.url` is not an address of Redis.
 */
export async function openRedisStore(place: RedisPlace): Promise<Store> {
  const link = createLink(place, true);
  const tails = new Set<() => void>();
  const change = (wanted: Change) => commit(link, wanted);

  await link.connect().catch(() => undefined);
  return {
    table: redisTable(link, change),
    log: redisLog(link, change, () => trackUntilClosed(createLink(place, false), tails)),
    lease: redisLease(link),
    commit: change,
    async nowMs() {
      const [seconds, micros] = (await link.ask(link.client.call('time'))) as [string, string];
      return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
    },
    async generation() {
      return String(await runScript(link, generationScript, [generationKey], [randomUUID()]));
    },
    close() {
      link.close();
      for (const close of tails) close();
      return Promise.resolve();
    },
  };
}

function trackUntilClosed(link: ReturnType<typeof createLink>, open: Set<() => void>): typeof link {
  const close = () => {
    open.delete(close);
    link.close();
  };
  open.add(close);
  return { ...link, close };
}
