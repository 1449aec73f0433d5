import { slotMs } from '../states/index.ts';
import type { Recognised } from './resolver.ts';

/** Ends that were recognised before, by who saw them and when; the oldest moments go when there are many. */
export interface EndMemo {
  /** What was found then, or what `find` finds now. `key` says what was looked for. */
  of(member: string, atMs: number, key: string, find: () => Recognised | undefined): Recognised | undefined;
  /** How many ends it holds. */
  size(): number;
}

/** The live minute, and the bucket after it; of others it is found out again. */
const mostMoments = 8;
/** Half a kilobyte each: 25 MB. Clients of a public site are ever others. */
const mostEnds = 50_000;

type Ends = Map<string, Map<string, Recognised | undefined>>;

export function createEndMemo(): EndMemo {
  const moments = new Map<number, { ends: Ends; size: number }>();
  let size = 0;

  function momentOf(atMs: number): { ends: Ends; size: number } {
    const known = moments.get(atMs);
    if (known !== undefined) return known;
    const made = { ends: new Map() as Ends, size: 0 };
    moments.set(atMs, made);
    if (moments.size > mostMoments) forgetOldest();
    return made;
  }

  function forgetOldest(): void {
    const [oldest] = moments;
    if (oldest === undefined) return;
    moments.delete(oldest[0]);
    size -= oldest[1].size;
  }

  return {
    of(member, atMs, key, find) {
      while (size >= mostEnds) forgetOldest();
      const moment = momentOf(atMs);
      const ends = moment.ends.get(member) ?? new Map<string, Recognised | undefined>();
      if (ends.has(key)) return ends.get(key);
      const found = find();
      moment.ends.set(member, ends);
      ends.set(key, found);
      moment.size++;
      size++;
      return found;
    },
    size: () => size,
  };
}

/** The middle of the bucket in which something was seen: claims are looked at once a bucket, not once a request. */
export function bucketMiddle(atMs: number): number {
  return Math.floor(atMs / slotMs) * slotMs + slotMs / 2;
}
