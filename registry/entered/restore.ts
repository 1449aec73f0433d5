import { isDeepStrictEqual } from 'node:util';
import { describeInvalid } from '@netring/contract/error';
import type { z } from 'zod';
import { StoreAway } from '../store/index.ts';

/** One kind of what people entered, as an import needs it. */
export interface Shelf<Written extends { id: string }, Kept> {
  schema: z.ZodType<Written>;
  /** What is kept at most. */
  most: number;
  kept(): ReadonlyMap<string, Kept>;
  /** As it would be kept, or why it may not be. */
  made(written: Written, before: Kept | undefined): Promise<Kept | { refused: string }>;
  /** Keeps it for all replicas; the id of the log's entry. */
  put(id: string, value: Kept): Promise<string>;
}

export interface Restored {
  taken: number;
  unchanged: number;
  refused: { index: number; reason: string }[];
  /** The last entry of the log that it made; undefined: none. */
  logId: string | undefined;
}

/**
 * Puts records back one by one. The same again changes nothing; a wrong one, or one that the store does not take, costs
 * only itself.
 */
export async function restore<Written extends { id: string }, Kept extends object>(
  records: readonly unknown[],
  shelf: Shelf<Written, Kept>,
): Promise<Restored> {
  const before = shelf.kept();
  const ids = new Set(before.keys());
  const done: Restored = { taken: 0, unchanged: 0, refused: [], logId: undefined };
  let away: string | undefined;
  for (const [index, record] of records.entries()) {
    const refuse = (reason: string) => void done.refused.push({ index, reason });
    const parsed = shelf.schema.safeParse(record);
    if (!parsed.success) {
      refuse(describeInvalid(parsed.error).error.message);
      continue;
    }
    const { id } = parsed.data;
    if (!ids.has(id) && ids.size >= shelf.most) {
      refuse(`there are ${shelf.most} already: remove some first`);
      continue;
    }
    const there = before.get(id);
    const made = await shelf.made(parsed.data, there);
    if ('refused' in made) refuse(made.refused);
    else if (there !== undefined && isDeepStrictEqual(there, made)) done.unchanged++;
    else if (away !== undefined) refuse(away);
    else {
      try {
        done.logId = await shelf.put(id, made);
        ids.add(id);
        done.taken++;
      } catch (error) {
        const reason = `it could not be kept: ${(error as Error).message}`;
        refuse(reason);
        // It is not waited for again with each of those that follow.
        if (error instanceof StoreAway) away = reason;
      }
    }
  }
  return done;
}
