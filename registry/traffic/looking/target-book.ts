import {
  bestCell,
  gatherParts,
  totalOf,
  type Cell,
  type Gathered,
  type KeyedPart,
  type Sum,
} from '../sums/index.ts';
import { dependencyId } from '../drawing/index.ts';
import type { LiveSlot } from './live-slot.ts';

/** A dependency of the live minute with its counts added up: another object whenever they may be others. */
export interface Group {
  gathered: Gathered;
  total: Sum;
  id: string;
  requests: number;
}

/** The dependencies of the live minute, put together target by target. */
export interface TargetBook {
  /** Looks again at what goes to a target; what is new or counts otherwise, and what is gone. */
  look(target: string, slots: readonly LiveSlot[]): { changed: Group[]; gone: Group[] };
  all(): Iterable<Group>;
}

export function createTargetBook(): TargetBook {
  const targets = new Map<string, Map<string, Group>>();

  return {
    look(target, slots) {
      const before = targets.get(target) ?? new Map<string, Group>();
      const now = new Map<string, Group>();
      const changed: Group[] = [];
      for (const gathered of gatherParts(partsTo(target, slots))) {
        const known = before.get(gathered.key);
        if (known !== undefined && isSame(known.gathered, gathered)) {
          now.set(gathered.key, known);
          continue;
        }
        const group = groupOf(gathered, known?.id);
        now.set(gathered.key, group);
        changed.push(group);
      }
      const gone = [...before.values()].filter(({ gathered }) => !now.has(gathered.key));
      if (now.size === 0) targets.delete(target);
      else targets.set(target, now);
      return { changed, gone };
    },
    *all() {
      for (const groups of targets.values()) yield* groups.values();
    },
  };
}

/** In an order that is always the same. */
function* partsTo(target: string, slots: readonly LiveSlot[]): Generator<KeyedPart> {
  for (const live of slots)
    for (const key of live.keysTo(target)) {
      const sum = live.slot.sums.get(key);
      if (sum !== undefined) yield { key, slot: live.slot, sum };
    }
}

function groupOf(gathered: Gathered, id: string | undefined): Group {
  const total = totalOf(gathered);
  const { counts } = total.cells.get(bestCell(total.cells)) as Cell;
  const { source, target, protocol } = total;
  return {
    gathered,
    total,
    id: id ?? dependencyId(source.id, target.id, protocol),
    requests: Math.round(counts.requests),
  };
}

function isSame(a: Gathered, b: Gathered): boolean {
  if (a.parts.length !== b.parts.length || a.noted.size !== b.noted.size) return false;
  for (const [at, one] of a.parts.entries()) {
    const other = b.parts[at];
    if (other === undefined || one.sum !== other.sum || one.slot !== other.slot) return false;
    if (!sameSet(one.only, other.only)) return false;
  }
  for (const [evidence, members] of a.noted) if (!sameSet(members, b.noted.get(evidence))) return false;
  return true;
}

function sameSet(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.size !== b.size) return false;
  for (const one of a) if (!b.has(one)) return false;
  return true;
}
