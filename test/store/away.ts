import { performance } from 'node:perf_hooks';
import type { Store, StoreOptions } from '@netring/registry/store/index';
import { StoreAway } from '@netring/registry/store/index';
import type { Redis } from '../redis/index.ts';
import { startCluster, startRedis } from '../redis/index.ts';

/** Every call that a store has. */
const calls: Record<string, (store: Store) => Promise<unknown>> = {
  commit: (store) => store.commit({ put: [{ group: 'g', key: 'k', value: 'v' }] }),
  'table.put': ({ table }) => table.put('g', 'k', 'v'),
  'table.get': ({ table }) => table.get('g', 'k'),
  'table.getMany': ({ table }) => table.getMany([{ group: 'g', key: 'k' }]),
  'table.delete': ({ table }) => table.delete('g', ['k']),
  'table.list': ({ table }) => table.list('g'),
  'log.append': ({ log }) => log.append('l', 'v', { entries: 10, ageMs: 1_000 }),
  'log.range': ({ log }) => log.range('l', '0-0', 10),
  'log.lastId': ({ log }) => log.lastId('l'),
  'log.tail': ({ log }) => log.tail('l', '0-0', () => undefined, AbortSignal.timeout(60_000)),
  'lease.acquire': ({ lease }) => lease.acquire(['n'], 'h', 1_000),
  'lease.renew': ({ lease }) => lease.renew(['n'], 'h', 1_000),
  'lease.release': ({ lease }) => lease.release(['n'], 'h'),
  nowMs: (store) => store.nowMs(),
  generation: (store) => store.generation(),
};

/**
 * Calls everything at once; gives what did not reject with `StoreAway`, and how long the slowest took. A busy machine gets
 * two more attempts to be quick.
 */
export async function callAll(store: Store): Promise<{ others: string[]; slowestMs: number }> {
  const rounds = [await callOnce(store)];
  while (rounds.length < 3 && (rounds.at(-1)?.slowestMs ?? 0) >= saysSoWithinMs)
    rounds.push(await callOnce(store));
  return {
    others: rounds.flatMap(({ others }) => others),
    slowestMs: Math.min(...rounds.map(({ slowestMs }) => slowestMs)),
  };
}

async function callOnce(store: Store): Promise<{ others: string[]; slowestMs: number }> {
  const begunMs = performance.now();
  const answers = await Promise.all(
    Object.entries(calls).map(async ([name, call]) => {
      const answer = await call(store).catch((error: unknown) => error);
      return { name, isAway: answer instanceof StoreAway, tookMs: performance.now() - begunMs };
    }),
  );
  return {
    others: answers.filter(({ isAway }) => !isAway).map(({ name }) => name),
    slowestMs: Math.max(...answers.map(({ tookMs }) => tookMs)),
  };
}

export const answers = (store: Store): Promise<boolean> =>
  store.nowMs().then(
    () => true,
    () => false,
  );

/** How long after its call the store may say that it is away; the slack is for a busy machine. */
export const saysSoWithinMs = 2_500 + 2_500;

export interface Setup {
  /** The server that has our data. */
  redis: Redis;
  options: StoreOptions;
  stop: () => Promise<void>;
}

export const setups: [string, () => Promise<Setup>][] = [
  [
    'one Redis',
    async () => {
      const redis = await startRedis();
      return { redis, options: { kind: 'redis', url: redis.url }, stop: () => redis.stop() };
    },
  ],
  [
    'a Redis Cluster',
    async () => {
      const { nodes, stop } = await startCluster();
      const clusterNodes = nodes.map(({ port }) => ({ host: '127.0.0.1', port }));
      return { redis: nodes[1], options: { kind: 'redis', clusterNodes }, stop };
    },
  ],
];

/** One server takes a second; a Cluster must first agree that a node is back. */
export const recoversWithinMs = 60_000;
