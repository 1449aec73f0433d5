import type { Change, Committed, LogEntry } from '../store.ts';
import type { Disk, DiskWrite } from './disk.ts';
import type { Groups } from './groups.ts';
import { expiryKey, logEntryKey, tableKey } from './keys.ts';
import type { Ring, Rings } from './rings.ts';

/** What a round of changes will write, as one batch. Each change sees those before it. */
export interface Draft {
  apply(change: Change): Committed;
  readonly writes: DiskWrite[];
  /** To be shown to readers once the batch is written. */
  readonly appended: { ring: Ring; entry: LogEntry }[];
}

export function createDraft(disk: Disk, groups: Groups, rings: Rings, nowMs: number): Draft {
  const writes: DiskWrite[] = [];
  const appended: { ring: Ring; entry: LogEntry }[] = [];
  const written = new Map<string, Buffer | undefined>();

  function textAt(group: string, key: string): string | undefined {
    const at = tableKey(group, key);
    const value = written.has(at) ? written.get(at) : disk.getSync(at);
    return value?.toString();
  }

  function put(group: string, key: string, value: Uint8Array | string, ttlMs: number | undefined): void {
    const at = tableKey(group, key);
    const bytes = asBuffer(value);
    written.set(at, bytes);
    writes.push({ type: 'put', key: at, value: bytes });
    groups.add(group, key);
    if (ttlMs === undefined) return;
    const expiresAtMs = nowMs + Math.ceil(ttlMs);
    groups.setExpiry(group, expiresAtMs);
    writes.push({ type: 'put', key: expiryKey(group), value: Buffer.from(String(expiresAtMs)) });
  }

  function remove(group: string, key: string): void {
    const at = tableKey(group, key);
    written.set(at, undefined);
    writes.push({ type: 'del', key: at });
    if (groups.remove(group, key)) writes.push({ type: 'del', key: expiryKey(group) });
  }

  function append({ log, value, bound }: NonNullable<Change['append']>): string {
    const ring = rings.of(log);
    const entry = { id: ring.nextId(nowMs), value: Buffer.from(asBuffer(value)) };
    for (const { id } of ring.trim(bound, nowMs)) writes.push({ type: 'del', key: logEntryKey(log, id) });
    writes.push({ type: 'put', key: logEntryKey(log, entry.id), value: entry.value });
    appended.push({ ring, entry });
    return entry.id;
  }

  function objection({ require = [], newer }: Change): Committed | undefined {
    for (const [failed, { group, key, equals }] of require.entries()) {
      const found = textAt(group, key);
      if (found !== equals) return { outcome: 'refused', failed, found };
    }
    if (newer === undefined) return undefined;
    return newer.order > orderIn(textAt(newer.group, newer.key)) ? undefined : { outcome: 'old', nowMs };
  }

  return {
    writes,
    appended,
    apply(change) {
      const refused = objection(change);
      if (refused !== undefined) return refused;
      const { newer } = change;
      if (newer !== undefined) put(newer.group, newer.key, String(newer.order), newer.ttlMs);
      for (const { group, key, value, ttlMs } of change.put ?? []) put(group, key, value, ttlMs);
      for (const { group, key } of change.remove ?? []) remove(group, key);
      for (const { group, key } of change.stamp ?? []) put(group, key, String(nowMs), undefined);
      const logId = change.append === undefined ? '0-0' : append(change.append);
      return { outcome: 'done', nowMs, logId };
    },
  };
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
