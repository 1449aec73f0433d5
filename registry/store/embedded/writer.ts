import type { Change, Committed } from '../store.ts';
import { StoreAway } from '../store.ts';
import type { Disk } from './disk.ts';
import { diskAway } from './disk.ts';
import { createDraft } from './draft.ts';
import type { Groups } from './groups.ts';
import { loadGroups } from './groups.ts';
import { expiryKey, tableKey } from './keys.ts';
import type { Rings } from './rings.ts';

/** The one that changes the engine. */
export interface Writer {
  commit(change: Change): Promise<Committed>;
  /** Takes away the groups whose time is over. */
  sweep(): Promise<void>;
  isExpired(group: string): boolean;
  /** Waits for what was begun, and refuses everything after. */
  stop(): Promise<void>;
}

interface Waiting {
  change: Change;
  resolve: (committed: Committed) => void;
  reject: (error: Error) => void;
}

/** Changes go in rounds, one batch each: what comes while a batch is being written makes the next round. */
export async function createWriter(disk: Disk, rings: Rings): Promise<Writer> {
  let groups = await loadGroups(disk);
  let isBroken = false;
  let isStopped = false;
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  /** The engine refuses all writes after one that failed, until it is opened anew; then the disk has the truth. */
  async function recover(): Promise<void> {
    await disk.close();
    await disk.open();
    groups = await loadGroups(disk);
    isBroken = false;
  }

  async function writeRound(round: readonly Waiting[]): Promise<Committed[]> {
    if (isBroken) await recover();
    const nowMs = Date.now();
    isBroken = true;
    await dropExpired(disk, groups, nowMs);
    const draft = createDraft(disk, groups, rings, nowMs);
    const committed = round.map(({ change }) => draft.apply(change));
    if (draft.writes.length > 0) await disk.batch(draft.writes);
    isBroken = false;
    for (const { ring, entry } of draft.appended) ring.add(entry);
    return committed;
  }

  async function runRounds(): Promise<void> {
    while (waiting.length > 0) {
      const round = waiting;
      waiting = [];
      try {
        const committed = await writeRound(round);
        for (const [i, { resolve }] of round.entries()) resolve(committed[i] as Committed);
      } catch (error) {
        for (const { reject } of round) reject(diskAway(disk.location, error));
      }
    }
    running = undefined;
  }

  function commit(change: Change): Promise<Committed> {
    if (isStopped) return Promise.reject(new StoreAway('The store was closed.'));
    return new Promise((resolve, reject) => {
      waiting.push({ change, resolve, reject });
      // Begun a tick later, so that what comes in one go makes one round.
      running ??= Promise.resolve().then(runRounds);
    });
  }

  return {
    commit,
    async sweep() {
      if (groups.expired(Date.now()).length > 0) await commit({});
    },
    isExpired: (group) => groups.isExpired(group, Date.now()),
    async stop() {
      isStopped = true;
      await running;
    },
  };
}

/** Written before anything else of the round, so that nobody sees an old value under a new expiry. */
async function dropExpired(disk: Disk, groups: Groups, nowMs: number): Promise<void> {
  const over = groups.expired(nowMs);
  if (over.length === 0) return;
  await disk.batch(
    over.flatMap(({ group, keys }) => [
      ...[...keys].map((key) => ({ type: 'del', key: tableKey(group, key) }) as const),
      { type: 'del', key: expiryKey(group) } as const,
    ]),
  );
  for (const { group } of over) groups.drop(group);
}
