import { randomUUID } from 'node:crypto';
import type { Change, Store } from '../store.ts';
import { StoreAway } from '../store.ts';
import { commit } from './commit.ts';
import { generationKey } from './keys.ts';
import { redisLease } from './lease.ts';
import type { Link } from './link.ts';
import { createLink } from './link.ts';
import { redisLog } from './log.ts';
import type { RedisPlace } from './options.ts';
import { runScript, script } from './script.ts';
import { redisTable } from './table.ts';

export { aboutRedis, type RedisAbout } from './about.ts';
export type { Address, RedisPlace } from './options.ts';

const generationScript = script(`
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])
`);

/** A script for the sake of its key: in a Cluster, the clock is that of the node which stamps our data. */
const nowScript = script(`
local time = redis.call('TIME')
return time[1] * 1000 + math.floor(time[2] / 1000)
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
  let isClosed = false;
  const change = (wanted: Change) => commit(link, wanted);
  const connectForTail = () => {
    if (isClosed) throw new StoreAway('The store was closed.');
    return trackUntilClosed(createLink(place, false), tails);
  };

  await link.connect().catch(() => undefined);
  return {
    table: redisTable(link, change),
    log: redisLog(link, change, connectForTail),
    lease: redisLease(link),
    commit: change,
    async nowMs() {
      return Number(await runScript(link, nowScript, [generationKey], []));
    },
    async generation() {
      return String(await runScript(link, generationScript, [generationKey], [randomUUID()]));
    },
    close() {
      isClosed = true;
      link.close();
      for (const close of tails) close();
      return Promise.resolve();
    },
  };
}

function trackUntilClosed(link: Link, open: Set<() => void>): Link {
  const close = () => {
    open.delete(close);
    link.close();
  };
  open.add(close);
  return { ...link, close };
}
