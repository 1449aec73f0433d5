import { openEmbeddedStore } from './embedded/index.ts';
import type { RedisPlace } from './redis/index.ts';
import { openRedisStore } from './redis/index.ts';
import type { Store } from './store.ts';

export { aboutRedis, type Address, type RedisAbout, type RedisPlace } from './redis/index.ts';
export * from './store.ts';

/** Which engine, and where. Embedded without a folder keeps its data in one of its own that goes when it is closed. */
export type StoreOptions =
  { kind: 'embedded'; folder: string | undefined } | ({ kind: 'redis' } & RedisPlace);

/**
 * Opens the store. Embedded: rejects when the folder cannot be used, saying what to do. Redis: resolves also while it
 * is away, see `StoreAway`.
 */
export function openStore(options: StoreOptions): Promise<Store> {
  return options.kind === 'embedded' ? openEmbeddedStore(options.folder) : openRedisStore(options);
}
