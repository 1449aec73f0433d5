import type { Disk } from './disk.ts';
import { allExpiries, allTables, readKey } from './keys.ts';

interface Group {
  readonly keys: Set<string>;
  expiresAtMs: number | undefined;
}

/** Which keys a group has and when it goes: kept in memory beside the engine, which holds the values. */
export interface Groups {
  add(group: string, key: string): void;
  setExpiry(group: string, expiresAtMs: number): void;
  /** True when that was the last key of the group, which is then gone with its expiry. */
  remove(group: string, key: string): boolean;
  isExpired(group: string, nowMs: number): boolean;
  /** Groups whose time is over, with their keys; they stay until they are dropped. */
  expired(nowMs: number): { group: string; keys: ReadonlySet<string> }[];
  drop(group: string): void;
}

export function createGroups(): Groups {
  const groups = new Map<string, Group>();
  /** No group expires before this: spares a look at all of them. */
  let earliestMs = Infinity;

  function groupOf(name: string): Group {
    const known = groups.get(name);
    if (known !== undefined) return known;
    const made: Group = { keys: new Set(), expiresAtMs: undefined };
    groups.set(name, made);
    return made;
  }

  const isOver = ({ expiresAtMs }: Group, nowMs: number) => expiresAtMs !== undefined && expiresAtMs <= nowMs;

  return {
    add(group, key) {
      groupOf(group).keys.add(key);
    },
    setExpiry(group, expiresAtMs) {
      groupOf(group).expiresAtMs = expiresAtMs;
      earliestMs = Math.min(earliestMs, expiresAtMs);
    },
    remove(group, key) {
      const known = groups.get(group);
      if (known === undefined || !known.keys.delete(key) || known.keys.size > 0) return false;
      return groups.delete(group);
    },
    isExpired(group, nowMs) {
      const known = groups.get(group);
      return known !== undefined && isOver(known, nowMs);
    },
    expired(nowMs) {
      if (nowMs < earliestMs) return [];
      const over = [...groups].filter(([, group]) => isOver(group, nowMs));
      const left = [...groups.values()].filter((group) => !isOver(group, nowMs));
      // Those that are over still count until they are dropped, in case the engine cannot do it now.
      earliestMs =
        over.length > 0 ? nowMs : Math.min(Infinity, ...left.map((group) => group.expiresAtMs ?? Infinity));
      return over.map(([group, { keys }]) => ({ group, keys }));
    },
    drop(group) {
      groups.delete(group);
    },
  };
}

export async function loadGroups(disk: Disk): Promise<Groups> {
  const groups = createGroups();
  for await (const text of disk.keys(allTables)) {
    const { name, rest } = readKey(text);
    groups.add(name, rest);
  }
  for await (const [text, value] of disk.iterator(allExpiries)) {
    groups.setExpiry(readKey(text).name, Number(value));
  }
  return groups;
}
