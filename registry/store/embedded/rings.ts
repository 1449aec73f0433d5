import type { LogBound, LogEntry } from '../store.ts';
import { compareLogIds } from '../store.ts';
import type { Disk } from './disk.ts';
import { allLogs, readKey, readLogId } from './keys.ts';

/** The entries of one log, oldest first, in memory; the engine has them too. */
export interface Ring {
  /** The id for the next entry: after all others, and now unless the clock went back. */
  nextId(nowMs: number): string;
  add(entry: LogEntry): void;
  /** Drops what the bound no longer holds, and says which that was. */
  trim(bound: LogBound, nowMs: number): LogEntry[];
  after(id: string, limit: number): LogEntry[];
  lastId(): string;
  /** Calls `listener` whenever an entry was added; returns how to stop that. */
  onAdded(listener: () => void): () => void;
}

export function createRing(): Ring {
  let entries: LogEntry[] = [];
  /** Where the oldest kept entry is: those before it are let go of in one piece, now and then. */
  let start = 0;
  let last = { ms: 0, counter: 0 };
  const listeners = new Set<() => void>();

  function firstAfter(id: string): number {
    let from = start;
    let to = entries.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (compareLogIds((entries[middle] as LogEntry).id, id) > 0) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  return {
    nextId(nowMs) {
      last = nowMs > last.ms ? { ms: nowMs, counter: 0 } : { ms: last.ms, counter: last.counter + 1 };
      return `${last.ms}-${last.counter}`;
    },
    add(entry) {
      entries.push(entry);
      const [ms, counter] = entry.id.split('-').map(Number) as [number, number];
      if (ms > last.ms || (ms === last.ms && counter > last.counter)) last = { ms, counter };
      for (const listener of listeners) listener();
    },
    trim(bound, nowMs) {
      const byAge = firstAfter(`${Math.floor(nowMs - bound.ageMs) - 1}-${Number.MAX_SAFE_INTEGER}`);
      const end = Math.max(byAge, entries.length - bound.entries);
      const dropped = entries.slice(start, end);
      start = Math.max(start, end);
      if (start > 1_000 && start > entries.length / 2) {
        entries = entries.slice(start);
        start = 0;
      }
      return dropped;
    },
    after(id, limit) {
      const from = firstAfter(id);
      return entries.slice(from, from + limit);
    },
    lastId: () => (entries.length > start ? (entries.at(-1) as LogEntry).id : '0-0'),
    onAdded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export interface Rings {
  of(log: string): Ring;
}

export async function loadRings(disk: Disk): Promise<Rings> {
  const rings = new Map<string, Ring>();
  function of(log: string): Ring {
    const known = rings.get(log) ?? createRing();
    rings.set(log, known);
    return known;
  }
  for await (const [text, value] of disk.iterator(allLogs)) {
    const { name, rest } = readKey(text);
    of(name).add({ id: readLogId(rest), value });
  }
  return { of };
}
