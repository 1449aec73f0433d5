import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@netring/registry/store/index';
import { openStore } from '@netring/registry/store/index';
import { redisUnavailableReason, startCluster, startRedis, startSentinelSetup } from '../redis/index.ts';

/** A running engine under test. */
export interface Running {
  /** Another one after `empty`, maybe. */
  readonly store: Store;
  /** Empties the engine behind the store's back. */
  empty(): Promise<void>;
  end(): Promise<void>;
}

export interface Engine {
  name: string;
  /** Why it cannot be tested here. */
  skipped: string | undefined;
  start(): Promise<Running>;
}

export const engines: readonly Engine[] = [
  { name: 'embedded', skipped: undefined, start: startEmbedded },
  { name: 'Redis', skipped: redisUnavailableReason(), start: startOnRedis },
  { name: 'Redis behind a Sentinel', skipped: redisUnavailableReason(), start: startBehindSentinel },
  { name: 'a Redis Cluster', skipped: redisUnavailableReason(), start: startOnCluster },
];

/** A name that no other test uses. */
export const unique = (name: string): string => `${name}-${randomUUID()}`;

async function startEmbedded(): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'netring-conformance-'));
  let store = await openStore({ kind: 'embedded', folder });
  return {
    get store() {
      return store;
    },
    async empty() {
      await store.close();
      await rm(folder, { recursive: true });
      store = await openStore({ kind: 'embedded', folder });
    },
    async end() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function startOnRedis(): Promise<Running> {
  const redis = await startRedis();
  const store = await openStore({ kind: 'redis', url: redis.url });
  return {
    store,
    empty: () => redis.flush(),
    async end() {
      await store.close();
      await redis.stop();
    },
  };
}

async function startBehindSentinel(): Promise<Running> {
  const setup = await startSentinelSetup();
  const sentinels = [{ host: '127.0.0.1', port: setup.sentinel.port }];
  const store = await openStore({ kind: 'redis', sentinels });
  return {
    store,
    empty: () => setup.master.flush(),
    async end() {
      await store.close();
      await setup.stop();
    },
  };
}

/** Enters by the node that has none of our slots. */
async function startOnCluster(): Promise<Running> {
  const { nodes, stop } = await startCluster();
  const store = await openStore({
    kind: 'redis',
    clusterNodes: [{ host: '127.0.0.1', port: nodes[0].port }],
  });
  return {
    store,
    async empty() {
      for (const node of nodes) await node.flush();
    },
    async end() {
      await store.close();
      await stop();
    },
  };
}
