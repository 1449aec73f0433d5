/** Length of a traffic bucket, milliseconds. */
export const slotMs = 10_000;

/** A clock that is off by more was not drifting: the member slept, or its report was on the way for that long. */
const stickMs = 5_000;
/** Buckets of one boot whose place is remembered: a quarter of an hour, and some to spare. */
const placesKept = 120;

/** Where the times of members stand on the store's clock. */
export interface MemberClocks {
  /** What to add to a time of this boot, given when a report was sent and came. Stays the same while it is about right. */
  offset(member: string, boot: string, sentMs: number, receivedMs: number): number;
  /** Where a bucket begins on the grid of all members: once placed, it stays there. */
  place(member: string, boot: string, n: number, startedMs: number, offsetMs: number): number;
  /** What another replica has found, or what is read back. */
  note(member: string, boot: string, n: number, startMs: number, offsetMs: number): void;
  forget(member: string): void;
}

interface Boot {
  boot: string;
  offsetMs: number;
  places: Map<number, number>;
}

/** Keeps the newest boot of each member. */
export function createMemberClocks(): MemberClocks {
  const boots = new Map<string, Boot>();

  function bootOf(member: string, boot: string, offsetMs: number): Boot {
    const known = boots.get(member);
    if (known?.boot === boot) return known;
    const made = { boot, offsetMs, places: new Map<number, number>() };
    boots.set(member, made);
    return made;
  }

  function put(known: Boot, n: number, startMs: number): void {
    known.places.set(n, startMs);
    if (known.places.size > placesKept) known.places.delete(known.places.keys().next().value as number);
  }

  return {
    offset(member, boot, sentMs, receivedMs) {
      const seenMs = receivedMs - sentMs;
      const known = bootOf(member, boot, seenMs);
      if (Math.abs(seenMs - known.offsetMs) > stickMs) known.offsetMs = seenMs;
      return known.offsetMs;
    },
    place(member, boot, n, startedMs, offsetMs) {
      const known = bootOf(member, boot, offsetMs);
      const placed = known.places.get(n);
      if (placed !== undefined) return placed;
      const startMs = Math.round((startedMs + offsetMs) / slotMs) * slotMs;
      put(known, n, startMs);
      return startMs;
    },
    note(member, boot, n, startMs, offsetMs) {
      const known = bootOf(member, boot, offsetMs);
      if (!known.places.has(n)) put(known, n, startMs);
    },
    forget: (member) => void boots.delete(member),
  };
}
