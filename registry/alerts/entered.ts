import { appended, type ChangeEntry } from '../changes/index.ts';
import type { Change, Store } from '../store/index.ts';

/**
 * What people entered, of one kind. Nobody reports it again after a flush of the store, so every replica holds all of
 * it, and the first that finds the store empty writes it back.
 */
export interface Entered<T> {
  all(): T[];
  load(store: Store): Promise<void>;
  apply(entries: readonly ChangeEntry[]): void;
  /** Puts or (`undefined`) removes one, for all replicas. Gives the id of the log's entry. */
  change(store: Store, id: string, value: T | undefined): Promise<string>;
}

interface EnteredChange extends ChangeEntry {
  kind: 'entered';
  group: string;
  id: string;
  /** Absent: removed. */
  value?: unknown;
}

/** Stands beside the entries as long as the store has its memory: an empty group without it was flushed. */
const markKey = '\u0000kept';

/** @param isKept whether one is worth being written back */
export function createEntered<T>(group: string, isKept: (value: T) => boolean): Entered<T> {
  let held = new Map<string, T>();

  return {
    all: () => [...held.values()],
    async load(store) {
      const found = await store.table.list(group);
      if (!found.has(markKey) && held.size > 0 && (await writeBack(store))) return;
      // Another replica may have written it back meanwhile.
      const now = found.has(markKey) || held.size === 0 ? found : await store.table.list(group);
      now.delete(markKey);
      held = new Map([...now].map(([id, text]) => [id, JSON.parse(text.toString('utf8')) as T]));
    },
    apply(entries) {
      for (const entry of entries) {
        if (!isOurs(entry)) continue;
        if (entry.value === undefined) held.delete(entry.id);
        else held.set(entry.id, entry.value as T);
      }
    },
    async change(store, id, value) {
      const entry: EnteredChange = { kind: 'entered', group, id, ...(value === undefined ? {} : { value }) };
      const mark = { group, key: markKey, value: '1' };
      const change: Change =
        value === undefined
          ? { put: [mark], remove: [{ group, key: id }] }
          : { put: [mark, { group, key: id, value: JSON.stringify(value) }] };
      const done = await store.commit({ ...change, append: appended(entry) });
      return done.outcome === 'done' ? done.logId : '0-0';
    },
  };

  function isOurs(entry: ChangeEntry): entry is EnteredChange {
    return entry.kind === 'entered' && (entry as EnteredChange).group === group;
  }

  /** False: another replica was first. */
  async function writeBack(store: Store): Promise<boolean> {
    held = new Map([...held].filter(([, value]) => isKept(value)));
    const put = [...held].map(([key, value]) => ({ group, key, value: JSON.stringify(value) }));
    const done = await store.commit({
      require: [{ group, key: markKey, equals: undefined }],
      put: [...put, { group, key: markKey, value: '1' }],
    });
    return done.outcome === 'done';
  }
}
