import type { Inventory } from '@netring/contract/inventory';
import { createLogger } from '@netring/service/log';
import { expect, it } from 'vitest';
import type { Follower } from '../changes/index.ts';
import { createDirectory } from '../membership/index.ts';
import type { Picture } from '../paths/index.ts';
import { openStore } from '../store/index.ts';
import { createNoJudge } from './facts.ts';
import { createTraffic } from './room.ts';

const inventoryOf = (name: string) =>
  ({ host: { name, addresses: [] }, services: [], sources: [] }) as unknown as Inventory;

it('forgets what ran on a host a quarter of an hour ago', async () => {
  const store = await openStore({ kind: 'embedded', folder: undefined });
  const directory = createDirectory(60_000, false);
  const record = { instance_id: 'm', location: 'us1' };
  await directory.apply([{ kind: 'member', record } as never], store);
  let nowMs = 1_700_000_000_000;
  const traffic = createTraffic({
    store,
    clock: { nowMs: () => nowMs, set: () => undefined },
    directory,
    picture: { memberPaths: () => [] } as unknown as Picture,
    replica: 'r',
    judge: createNoJudge('nobody judges here'),
    follower: () => ({ ready: () => true, deafSpans: () => [] }) as unknown as Follower,
    isShared: false,
    settings: { groups: [], bound: { services: 10, dependencies: 10 }, memberBytes: 1e6, bytes: 1e6 },
    log: createLogger('registry', 'error'),
  });
  try {
    const { inventories } = traffic;
    inventories.take('m', inventoryOf('before'), nowMs);
    inventories.take('m', inventoryOf('after'), nowMs + 1_000);
    expect(inventories.all(() => true)).toHaveLength(2);
    nowMs += 20 * 60_000;
    await expect.poll(() => inventories.all(() => true).length, { timeout: 30_000 }).toBe(1);
  } finally {
    traffic.stop();
    await store.close();
  }
});
