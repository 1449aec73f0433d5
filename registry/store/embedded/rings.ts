import type { LogBound, LogEntry } from '../store.ts';
import { compareLogIds } from '../store.ts';
import type { Disk } from './disk.ts';
import { allLogs, readKey, readLogId } from './keys.ts';

/** The entries of one log, oldest first, in memory; the engine has them too. */
export class Ring {
  #entries: LogEntry[] = [];
  /** Where the oldest kept entry is: those before it are let go of in one piece, now and then. */
  #start = 0;
  #last = { ms: 0, counter: 0 };
  readonly #listeners = new Set<() => void>();

  /** The id for the next entry: after all others, and now unless the clock went back. */
  nextId(nowMs: number): string {
    const { ms, counter } = this.#last;
    this.#last = nowMs > ms ? { ms: nowMs, counter: 0 } : { ms, counter: counter + 1 };
    return `${this.#last.ms}-${this.#last.counter}`;
  }

  add(entry: LogEntry): void {
    this.#entries.push(entry);
    const [ms, counter] = entry.id.split('-').map(Number) as [number, number];
    if (ms > this.#last.ms || (ms === this.#last.ms && counter > this.#last.counter)) {
      this.#last = { ms, counter };
    }
    for (const listener of this.#listeners) listener();
  }

  /** Drops what the bound no longer holds, and says which that was. */
  trim(bound: LogBound, nowMs: number): LogEntry[] {
    const lastTooOld = `${Math.floor(nowMs - bound.ageMs) - 1}-${Number.MAX_SAFE_INTEGER}`;
    const end = Math.max(this.#firstAfter(lastTooOld), this.#entries.length - bound.entries);
    const dropped = this.#entries.slice(this.#start, end);
    this.#start = Math.max(this.#start, end);
    if (this.#start > 1_000 && this.#start > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
    return dropped;
  }

  after(id: string, limit: number): LogEntry[] {
    const from = this.#firstAfter(id);
    return this.#entries.slice(from, from + limit);
  }

  lastId(): string {
    return this.#entries.length > this.#start ? (this.#entries.at(-1) as LogEntry).id : '0-0';
  }

  /** Calls `listener` whenever an entry was added; returns how to stop that. */
  onAdded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #firstAfter(id: string): number {
    let from = this.#start;
    let to = this.#entries.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (compareLogIds((this.#entries[middle] as LogEntry).id, id) > 0) to = middle;
      else from = middle + 1;
    }
    return from;
  }
}

export interface Rings {
  of(log: string): Ring;
}

export async function loadRings(disk: Disk): Promise<Rings> {
  const rings = new Map<string, Ring>();
  function of(log: string): Ring {
    const ring = rings.get(log) ?? new Ring();
    rings.set(log, ring);
    return ring;
  }
  for await (const [text, value] of disk.iterator(allLogs)) {
    const { name, rest } = readKey(text);
    of(name).add({ id: readLogId(rest), value });
  }
  return { of };
}
