import type { Disk } from './disk.ts';
import { allExpiries, allTables, readKey } from './keys.ts';

interface Group {
  readonly keys: Set<string>;
  expiresAtMs: number | undefined;
}

/** Which keys a group has and when it goes: kept in memory beside the engine, which holds the values. */
export class Groups {
  readonly #groups = new Map<string, Group>();
  /** No group expires before this: spares a look at all of them. */
  #earliestMs = Infinity;

  add(group: string, key: string): void {
    this.#groupOf(group).keys.add(key);
  }

  setExpiry(group: string, expiresAtMs: number): void {
    this.#groupOf(group).expiresAtMs = expiresAtMs;
    this.#earliestMs = Math.min(this.#earliestMs, expiresAtMs);
  }

  /** True when that was the last key of the group, which is then gone with its expiry. */
  remove(group: string, key: string): boolean {
    const known = this.#groups.get(group);
    if (known === undefined || !known.keys.delete(key) || known.keys.size > 0) return false;
    return this.#groups.delete(group);
  }

  isExpired(group: string, nowMs: number): boolean {
    const known = this.#groups.get(group);
    return known !== undefined && isOver(known, nowMs);
  }

  /** Groups whose time is over, with their keys; they stay until they are dropped. */
  expired(nowMs: number): { group: string; keys: ReadonlySet<string> }[] {
    if (nowMs < this.#earliestMs) return [];
    const over: { group: string; keys: ReadonlySet<string> }[] = [];
    let earliestMs = Infinity;
    for (const [group, known] of this.#groups) {
      if (isOver(known, nowMs)) over.push({ group, keys: known.keys });
      earliestMs = Math.min(earliestMs, known.expiresAtMs ?? Infinity);
    }
    this.#earliestMs = earliestMs;
    return over;
  }

  drop(group: string): void {
    this.#groups.delete(group);
  }

  #groupOf(name: string): Group {
    const known = this.#groups.get(name);
    if (known !== undefined) return known;
    const made: Group = { keys: new Set(), expiresAtMs: undefined };
    this.#groups.set(name, made);
    return made;
  }
}

const isOver = ({ expiresAtMs }: Group, nowMs: number) => expiresAtMs !== undefined && expiresAtMs <= nowMs;

export async function loadGroups(disk: Disk): Promise<Groups> {
  const groups = new Groups();
  for await (const text of disk.keys(allTables)) {
    const { name, rest } = readKey(text);
    groups.add(name, rest);
  }
  for await (const [text, value] of disk.iterator(allExpiries)) {
    groups.setExpiry(readKey(text).name, Number(value));
  }
  return groups;
}
