import type { Redis } from './redis-server.ts';
import { startRedis } from './redis-server.ts';

/** A server, its replica, and a Sentinel that knows them as `mymaster`. */
export interface SentinelSetup {
  master: Redis;
  replica: Redis;
  sentinel: Redis;
  stop(): Promise<void>;
}

const readyWithinMs = 60_000;

export async function startSentinelSetup(): Promise<SentinelSetup> {
  const master = await startRedis({ configuration: ['repl-diskless-sync-delay 0'] });
  const replica = await startRedis({ configuration: [`replicaof 127.0.0.1 ${master.port}`] });
  await until('the replica is in step', async () =>
    (await replica.ask('INFO replication')).includes('master_link_status:up'),
  );
  const sentinel = await startRedis({
    sentinel: true,
    configuration: [
      `sentinel monitor mymaster 127.0.0.1 ${master.port} 1`,
      'sentinel down-after-milliseconds mymaster 1000',
      'sentinel failover-timeout mymaster 5000',
    ],
  });
  await until('the Sentinel knows the replica', async () =>
    (await sentinel.ask('SENTINEL replicas mymaster')).includes(String(replica.port)),
  );
  const stop = async () => {
    for (const server of [sentinel, replica, master]) await server.stop();
  };
  return { master, replica, sentinel, stop };
}

/** A Cluster of two nodes, each with one half of the slots. */
export async function startCluster(): Promise<{ nodes: [Redis, Redis]; stop: () => Promise<void> }> {
  const configuration = ['cluster-enabled yes', 'cluster-node-timeout 5000'];
  const [lower, upper] = [await startRedis({ configuration }), await startRedis({ configuration })];
  await lower.ask('CLUSTER ADDSLOTSRANGE 0 8191');
  await upper.ask('CLUSTER ADDSLOTSRANGE 8192 16383');
  await lower.ask(`CLUSTER MEET 127.0.0.1 ${upper.port}`);
  for (const node of [lower, upper]) {
    await until('the Cluster is whole', async () =>
      (await node.ask('CLUSTER INFO')).includes('cluster_state:ok'),
    );
  }
  const stop = async () => {
    for (const node of [lower, upper]) await node.stop();
  };
  return { nodes: [lower, upper], stop };
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + readyWithinMs;
  while (!(await isSo())) {
    if (Date.now() > deadlineMs) throw new Error(`Waited ${readyWithinMs} ms in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
