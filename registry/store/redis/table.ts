import type { Store, Table } from '../store.ts';
import { tableKey } from './keys.ts';
import type { Link } from './link.ts';

/** A group is a hash with a time to live. */
export function redisTable(link: Link, commit: Store['commit']): Table {
  async function hmget(group: string, keys: readonly string[]): Promise<(Buffer | undefined)[]> {
    const found = (await link.ask(
      link.client.callBuffer('hmget', tableKey(group), ...keys),
    )) as (Buffer | null)[];
    return found.map((value) => value ?? undefined);
  }

  return {
    async put(group, key, value, ttlMs) {
      await commit({ put: [{ group, key, value, ...(ttlMs === undefined ? {} : { ttlMs }) }] });
    },
    get: async (group, key) => (await hmget(group, [key]))[0],
    async getMany(entries) {
      const keysOf = new Map<string, string[]>();
      for (const { group, key } of entries) {
        const keys = keysOf.get(group);
        if (keys === undefined) keysOf.set(group, [key]);
        else keys.push(key);
      }
      const found = await Promise.all(
        [...keysOf].map(async ([group, keys]) => [group, (await hmget(group, keys)).values()] as const),
      );
      // Each group answers in the order in which its keys were asked for.
      const answers = new Map(found);
      return entries.map(({ group }) => answers.get(group)?.next().value);
    },
    async delete(group, keys) {
      await commit({ remove: keys.map((key) => ({ group, key })) });
    },
    async list(group) {
      // In capitals, which keeps the client from folding the reply into an object.
      const flat = (await link.ask(link.client.callBuffer('HGETALL', tableKey(group)))) as Buffer[];
      const values = new Map<string, Buffer>();
      for (let i = 0; i + 1 < flat.length; i += 2) values.set(String(flat[i]), flat[i + 1] as Buffer);
      return values;
    },
  };
}
