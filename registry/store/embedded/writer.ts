import type { Change, Committed } from '../store.ts';
import { StoreAway } from '../store.ts';
import type { Disk } from './disk.ts';
import { diskAway } from './disk.ts';
import { Draft } from './draft.ts';
import type { Groups } from './groups.ts';
import { loadGroups } from './groups.ts';
import { expiryKey, tableKey } from './keys.ts';
import type { Rings } from './rings.ts';

interface Waiting {
  change: Change;
  resolve: (committed: Committed) => void;
  reject: (error: Error) => void;
}

/**
 * The one that changes the engine. Changes go in rounds, one batch each: what comes while a batch is being written
 * makes the next round.
 */
export class Writer {
  readonly #disk: Disk;
  readonly #rings: Rings;
  #groups: Groups;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  /** A batch failed, so that what we have in memory may not be on the disk. */
  #isBroken = false;
  #isStopped = false;

  constructor(disk: Disk, rings: Rings, groups: Groups) {
    this.#disk = disk;
    this.#rings = rings;
    this.#groups = groups;
  }

  commit(change: Change): Promise<Committed> {
    if (this.#isStopped) return Promise.reject(new StoreAway('The store was closed.'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      // Begun a tick later, so that what comes in one go makes one round.
      this.#running ??= Promise.resolve().then(() => this.#runRounds());
    });
  }

  isExpired(group: string): boolean {
    return this.#groups.isExpired(group, Date.now());
  }

  /** Takes away the groups whose time is over, and tries again if the engine failed. */
  async sweep(): Promise<void> {
    if (this.#isBroken || this.#groups.expired(Date.now()).length > 0) await this.commit({});
  }

  /** Waits for what was begun, and refuses everything after. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  async #runRounds(): Promise<void> {
    while (this.#waiting.length > 0) {
      const round = this.#waiting;
      this.#waiting = [];
      try {
        const committed = await this.#writeRound(round);
        for (const [i, { resolve }] of round.entries()) resolve(committed[i] as Committed);
      } catch (error) {
        for (const { reject } of round) reject(diskAway(this.#disk.location, error));
      }
    }
    this.#running = undefined;
  }

  async #writeRound(round: readonly Waiting[]): Promise<Committed[]> {
    if (this.#isBroken) await this.#recover();
    const nowMs = Date.now();
    this.#isBroken = true;
    await this.#dropExpired(nowMs);
    const draft = new Draft(this.#disk, this.#groups, this.#rings, nowMs);
    const committed = round.map(({ change }) => draft.apply(change));
    if (draft.writes.length > 0) await this.#disk.batch(draft.writes);
    this.#isBroken = false;
    for (const { ring, entry } of draft.appended) ring.add(entry);
    return committed;
  }

  /**
   * The engine refuses all writes after one that failed until it is opened anew; then the disk has the truth. A folder
   * that is gone is not made again: what readers have in memory belongs to the old one.
   */
  async #recover(): Promise<void> {
    await this.#disk.close();
    await this.#disk.open({ createIfMissing: false });
    this.#groups = await loadGroups(this.#disk);
  }

  /** Written before anything else of the round, so that nobody sees an old value under a new expiry. */
  async #dropExpired(nowMs: number): Promise<void> {
    const over = this.#groups.expired(nowMs);
    if (over.length === 0) return;
    await this.#disk.batch(
      over.flatMap(({ group, keys }) => [
        ...[...keys].map((key) => ({ type: 'del', key: tableKey(group, key) }) as const),
        { type: 'del', key: expiryKey(group) } as const,
      ]),
    );
    for (const { group } of over) this.#groups.drop(group);
  }
}
