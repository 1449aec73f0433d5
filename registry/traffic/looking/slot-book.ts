import type { Proofs } from '../join/index.ts';
import type { Resolving } from '../resolving.ts';
import { slotMs, type StateBook } from '../states/index.ts';
import type { Slot } from '../sums/index.ts';
import type { Budget } from './budget.ts';
import { createLiveSlot, type LiveSlot } from './live-slot.ts';

/** The stretches of 10 s of the live minute, kept in line with what members send. */
export interface SlotBook {
  /** Takes over what has changed, the newest first, as far as the budget lasts; ids of the targets that it concerns. */
  follow(nowMs: number, budget: Budget): { changed: Set<string>; gained: Set<string> };
  /** Whether the budget did not suffice. */
  isBehind(): boolean;
  /** Oldest first. */
  all(): readonly LiveSlot[];
  /** The stretch that begins there, where it is in line with what members sent. */
  at(startMs: number): Slot | undefined;
}

type Recognising = ReturnType<Resolving['current']>;

interface Followed {
  live: LiveSlot;
  revision: number;
  version: number;
}

export function createSlotBook(
  states: StateBook,
  resolving: Resolving,
  proofs: Proofs,
  liveMs: number,
): SlotBook {
  let followed = new Map<number, Followed>();
  let ordered: LiveSlot[] = [];
  let proved = proofs.version();
  let recognisedBy = -1;
  let isBehind = false;
  let hasPut = false;

  return {
    isBehind: () => isBehind,
    all: () => ordered,
    at(startMs) {
      const known = followed.get(startMs);
      const isCurrent = known?.revision === states.revision(startMs) && known.version === recognisedBy;
      return isCurrent ? known.live.slot : undefined;
    },
    follow(nowMs, budget) {
      const changed = new Set<string>();
      const gained = new Set<string>();
      const isLive = (startMs: number) => startMs + slotMs > nowMs - liveMs;
      const starts = states.starts().filter(isLive);
      const before = followed;
      followed = new Map();
      for (const startMs of starts) {
        const known = before.get(startMs);
        before.delete(startMs);
        followed.set(startMs, known ?? { live: createLiveSlot(startMs, proofs), revision: -1, version: -1 });
      }
      for (const { live } of before.values()) for (const target of live.targets()) changed.add(target);
      ordered = [...followed.values()].map(({ live }) => live);
      isBehind = false;
      hasPut = false;
      const current = resolving.current();
      recognisedBy = current.version;
      for (const startMs of [...starts].reverse()) if (!takeOver(startMs, current, budget)) break;
      if (proofs.version() !== proved) for (const live of ordered) live.reprove();
      proved = proofs.version();
      for (const live of ordered) {
        const settled = live.settle();
        for (const target of settled.changed) changed.add(target);
        for (const [key, target] of settled.gained)
          if (!ordered.some((one) => one !== live && one.slot.sums.has(key))) gained.add(target);
      }
      return { changed, gained };
    },
  };

  /** False: the budget is spent. */
  function takeOver(startMs: number, { resolver, version }: Recognising, budget: Budget): boolean {
    const known = followed.get(startMs) as Followed;
    const revision = states.revision(startMs);
    if (known.revision === revision && known.version === version) return true;
    const all = [...states.at(startMs)];
    known.live.keepOnly(all);
    for (const state of known.live.outdated(all, version)) {
      // One at least, however little time there is.
      if (hasPut && budget.isSpent()) {
        isBehind = true;
        return false;
      }
      hasPut = true;
      known.live.put(state, resolver, version);
    }
    known.revision = revision;
    known.version = version;
    return true;
  }
}
