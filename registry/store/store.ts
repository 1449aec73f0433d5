/**
 * The store has three shapes, each with two engines (embedded, Redis), and one combined step. Domain code is written
 * once, on these. Values are opaque bytes to the store.
 *
 * Every call rejects with `StoreAway` while the engine cannot be reached; nothing is queued for later. A call that was
 * under way when the engine went may have happened all the same: make changes that bear being made twice (`newer`).
 */
export interface Store {
  readonly table: Table;
  readonly log: Log;
  readonly lease: Lease;
  /** Several changes in one atomic step, guarded; see `Change`. */
  commit(change: Change): Promise<Committed>;
  /** The store's clock, epoch milliseconds: the one that stamps what members send. */
  nowMs(): Promise<number>;
  /** Names the life of the data: changes when the store was emptied behind our back. Made when missing. */
  generation(): Promise<string>;
  close(): Promise<void>;
}

/** Groups of keyed values. A group expires as a whole, `ttlMs` after its last put that gave one. */
export interface Table {
  put(group: string, key: string, value: Uint8Array | string, ttlMs?: number): Promise<void>;
  get(group: string, key: string): Promise<Buffer | undefined>;
  /** The values of several keys, in their order. */
  getMany(entries: readonly { group: string; key: string }[]): Promise<(Buffer | undefined)[]>;
  delete(group: string, keys: readonly string[]): Promise<void>;
  list(group: string): Promise<Map<string, Buffer>>;
}

/** One entry of a log. Ids order like time and compare as `compareLogIds` says. */
export interface LogEntry {
  id: string;
  value: Buffer;
}

/** An append-only list of entries, bounded by length and age. */
export interface Log {
  append(log: string, value: Uint8Array | string, bound: LogBound): Promise<string>;
  /** Entries after `afterId` (exclusive), oldest first. `'0-0'` starts at the oldest kept. */
  range(log: string, afterId: string, limit: number): Promise<LogEntry[]>;
  /** The id of the newest entry, `'0-0'` for an empty log. */
  lastId(log: string): Promise<string>;
  /**
   * Calls `onEntries` with every entry after `afterId`, as they come, until `signal` aborts; resolves then.
   * Rejects with `StoreAway` when the connection is lost: the caller decides when to go on, and from where.
   */
  tail(
    log: string,
    afterId: string,
    onEntries: (entries: LogEntry[]) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface LogBound {
  /** About as many entries are kept, at least this many. */
  entries: number;
  /** Entries older than this may go. */
  ageMs: number;
}

/** The exclusive right to a set of names, for a time. What a holder holds already is free to that holder. */
export interface Lease {
  /** All names or none. `fence` grows with every grant of any of these names, across a flush too: max(last + 1, store time in µs). */
  acquire(names: readonly string[], holder: string, ttlMs: number): Promise<LeaseGrant | undefined>;
  /** Prolongs a lease that is still held by `holder`; false when it was lost. */
  renew(names: readonly string[], holder: string, ttlMs: number): Promise<boolean>;
  release(names: readonly string[], holder: string): Promise<void>;
}

export interface LeaseGrant {
  fence: number;
}

/** All of it happens, or nothing. Checked in the order: `require`, `newer`; then done: `put`, `remove`, `stamp`, `append`. */
export interface Change {
  /** Keys that must hold exactly this value (`undefined`: must be absent). */
  require?: readonly { group: string; key: string; equals: string | undefined }[];
  /** `order` must be above the number put there by the last such change (absent counts as −1); then it is put there. */
  newer?: { group: string; key: string; order: number; ttlMs?: number };
  put?: readonly { group: string; key: string; value: Uint8Array | string; ttlMs?: number }[];
  remove?: readonly { group: string; key: string }[];
  /** Puts the store's clock (epoch milliseconds, as decimal text) there. */
  stamp?: readonly { group: string; key: string }[];
  append?: { log: string; value: Uint8Array | string; bound: LogBound };
}

export type Committed =
  /** `logId` is of the appended entry; `'0-0'` when there was none. */
  | { outcome: 'done'; nowMs: number; logId: string }
  /** The first requirement that failed, and what stands there (`undefined`: nothing). */
  | { outcome: 'refused'; failed: number; found: string | undefined }
  /** Something at least as new was there already; nothing changed. */
  | { outcome: 'old'; nowMs: number };

/** The engine cannot be reached, or does not answer in time. */
export class StoreAway extends Error {
  override readonly name = 'StoreAway';
}

/** Orders log ids (`<milliseconds>-<counter>`) as numbers: negative when `a` came first. */
export function compareLogIds(a: string, b: string): number {
  const [aMs, aN] = a.split('-').map(Number) as [number, number];
  const [bMs, bN] = b.split('-').map(Number) as [number, number];
  return aMs - bMs || aN - bN;
}
