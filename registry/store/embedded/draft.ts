import type { Change, Committed, LogEntry } from '../store.ts';
import type { Disk, DiskWrite } from './disk.ts';
import type { Groups } from './groups.ts';
import { expiryKey, logEntryKey, tableKey } from './keys.ts';
import type { Ring, Rings } from './rings.ts';

/** What a round of changes will write, as one batch. Each change sees those before it. */
export class Draft {
  readonly writes: DiskWrite[] = [];
  /** To be shown to readers once the batch is written. */
  readonly appended: { ring: Ring; entry: LogEntry }[] = [];
  readonly #disk: Disk;
  readonly #groups: Groups;
  readonly #rings: Rings;
  readonly #nowMs: number;
  readonly #written = new Map<string, Buffer | undefined>();

  constructor(disk: Disk, groups: Groups, rings: Rings, nowMs: number) {
    this.#disk = disk;
    this.#groups = groups;
    this.#rings = rings;
    this.#nowMs = nowMs;
  }

  apply(change: Change): Committed {
    const refused = this.#objectionTo(change);
    if (refused !== undefined) return refused;
    const { newer, put = [], remove = [], stamp = [], append } = change;
    if (newer !== undefined) this.#put(newer.group, newer.key, String(newer.order), newer.ttlMs);
    for (const { group, key, value, ttlMs } of put) this.#put(group, key, value, ttlMs);
    for (const { group, key } of remove) this.#remove(group, key);
    for (const { group, key } of stamp) this.#put(group, key, String(this.#nowMs), undefined);
    const logId = append === undefined ? '0-0' : this.#append(append);
    return { outcome: 'done', nowMs: this.#nowMs, logId };
  }

  #objectionTo({ require = [], newer }: Change): Committed | undefined {
    for (const [failed, { group, key, equals }] of require.entries()) {
      const found = this.#textAt(group, key);
      if (found !== equals) return { outcome: 'refused', failed, found };
    }
    if (newer === undefined || newer.order > orderIn(this.#textAt(newer.group, newer.key))) return undefined;
    return { outcome: 'old', nowMs: this.#nowMs };
  }

  #textAt(group: string, key: string): string | undefined {
    const at = tableKey(group, key);
    const value = this.#written.has(at) ? this.#written.get(at) : this.#disk.getSync(at);
    return value?.toString();
  }

  #put(group: string, key: string, value: Uint8Array | string, ttlMs: number | undefined): void {
    const at = tableKey(group, key);
    const bytes = asBuffer(value);
    this.#written.set(at, bytes);
    this.writes.push({ type: 'put', key: at, value: bytes });
    this.#groups.add(group, key);
    if (ttlMs === undefined) return;
    const expiresAtMs = this.#nowMs + Math.ceil(ttlMs);
    this.#groups.setExpiry(group, expiresAtMs);
    this.writes.push({ type: 'put', key: expiryKey(group), value: Buffer.from(String(expiresAtMs)) });
  }

  #remove(group: string, key: string): void {
    const at = tableKey(group, key);
    this.#written.set(at, undefined);
    this.writes.push({ type: 'del', key: at });
    if (this.#groups.remove(group, key)) this.writes.push({ type: 'del', key: expiryKey(group) });
  }

  #append({ log, value, bound }: NonNullable<Change['append']>): string {
    const ring = this.#rings.of(log);
    // A copy: what was given may be a piece of something larger, which would be kept as long as the entry.
    const entry = { id: ring.nextId(this.#nowMs), value: Buffer.from(asBuffer(value)) };
    for (const { id } of ring.trim(bound, this.#nowMs)) {
      this.writes.push({ type: 'del', key: logEntryKey(log, id) });
    }
    this.writes.push({ type: 'put', key: logEntryKey(log, entry.id), value: entry.value });
    this.appended.push({ ring, entry });
    return entry.id;
  }
}

/** What is no number counts as nothing. */
function orderIn(text: string | undefined): number {
  const order = Number(text ?? -1);
  return Number.isNaN(order) ? -1 : order;
}

function asBuffer(value: Uint8Array | string): Buffer {
  if (typeof value === 'string') return Buffer.from(value);
  return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
