import { createHash } from 'node:crypto';
import type { Store } from '../../store/index.ts';
import type { BlameJudge, PackedMemory } from './judge.ts';

/** What is usual, and since when trouble lasts, in the store: a restarted registry blames at once, and not after two minutes of learning. */
export interface UsualKeeper {
  /** Reads what was kept; for a fold's `load`. */
  load(store: Store): Promise<void>;
  /** Writes what is known now; the leader's duty, once a minute. */
  keep(store: Store): Promise<void>;
}

/** 64 values of some 80 dependencies each: 250 bytes a dependency, 1.3 MB for 5,000. A week without anybody and it goes. */
const group = 'blame-usual';
const shelves = 64;
const keptForMs = 7 * 24 * 3_600_000;

export function createUsualKeeper(judge: Pick<BlameJudge, 'pack' | 'unpack'>): UsualKeeper {
  let written = new Map<string, string>();
  return {
    async load(store) {
      for (const value of (await store.table.list(group)).values()) {
        const kept = JSON.parse(value.toString('utf8')) as Record<string, PackedMemory>;
        for (const [id, packed] of Object.entries(kept)) judge.unpack(id, packed);
      }
      written = new Map();
    },
    async keep(store) {
      const now = new Map<string, [string, PackedMemory][]>();
      for (const entry of judge.pack()) {
        const shelf = shelfOf(entry[0]);
        now.set(shelf, [...(now.get(shelf) ?? []), entry]);
      }
      const gone = [...written.keys()].filter((shelf) => !now.has(shelf));
      for (const [shelf, entries] of now) {
        const text = JSON.stringify(Object.fromEntries(entries));
        if (written.get(shelf) === text) continue;
        await store.table.put(group, shelf, text, keptForMs);
        written.set(shelf, text);
      }
      if (gone.length > 0) await store.table.delete(group, gone);
      for (const shelf of gone) written.delete(shelf);
    },
  };
}

function shelfOf(id: string): string {
  const first = createHash('sha256').update(id).digest().readUInt8(0);
  return String(first % shelves);
}
