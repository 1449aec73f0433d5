import type { Table } from '../store.ts';
import type { Disk } from './disk.ts';
import { diskAway } from './disk.ts';
import { readKey, tableKey, tableRange } from './keys.ts';
import type { Writer } from './writer.ts';

/** Reads go to the engine and see one state of it; writes go through the writer. */
export function embeddedTable(disk: Disk, writer: Writer): Table {
  async function getMany(
    entries: readonly { group: string; key: string }[],
  ): Promise<(Buffer | undefined)[]> {
    const isThere = entries.map(({ group }) => !writer.isExpired(group));
    const found = await read(disk, () => disk.getMany(entries.map(({ group, key }) => tableKey(group, key))));
    return found.map((value, i) => (isThere[i] === true ? value : undefined));
  }

  return {
    async put(group, key, value, ttlMs) {
      await writer.commit({ put: [{ group, key, value, ...(ttlMs === undefined ? {} : { ttlMs }) }] });
    },
    get: async (group, key) => (await getMany([{ group, key }]))[0],
    getMany,
    async delete(group, keys) {
      await writer.commit({ remove: keys.map((key) => ({ group, key })) });
    },
    async list(group) {
      if (writer.isExpired(group)) return new Map();
      const entries = await read(disk, () => disk.iterator(tableRange(group)).all());
      return new Map(entries.map(([text, value]) => [readKey(text).rest, value]));
    },
  };
}

export async function read<T>(disk: Disk, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw diskAway(disk.location, error);
  }
}
