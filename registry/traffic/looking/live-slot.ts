import {
  isOpen,
  sameEnd,
  type MadeRows,
  type Proofs,
  type ResolvedRow,
  type Resolver,
} from '../join/index.ts';
import { slotMs, stateKey, type StoredState } from '../states/index.ts';
import { keyOfRow, sumOfRows, type Slot } from '../sums/index.ts';

/** A row in its place: of which state, and in which sum. */
interface Placed {
  state: string;
  at: number;
  raw: ResolvedRow;
  /** With its ends as they were proved. */
  row: ResolvedRow;
  key: string;
}

interface KnownState {
  state: StoredState;
  version: number;
  made: MadeRows;
  placed: Map<ResolvedRow, Placed>;
}

/** One stretch of 10 s, whose sums are kept in line with the states that members send of it. */
export interface LiveSlot {
  readonly slot: Slot;
  /** Keys of its sums, by the target that they go to. */
  keysTo(target: string): readonly string[];
  targets(): Iterable<string>;
  /** Takes over one state that is new, changed, or to be recognised anew. */
  put(state: StoredState, resolver: Resolver, version: number): void;
  /** States that are not as they were taken over, or were recognised by another version of what is known. */
  outdated(states: Iterable<StoredState>, version: number): StoredState[];
  /** Forgets states that are there no longer. */
  keepOnly(states: Iterable<StoredState>): void;
  /** Ends are proved to be others: looks at those again that may be meant. */
  reprove(): void;
  /** Adds up again what has changed; ids of the targets that it goes to, and of each sum that is new, by its key. */
  settle(): { changed: Set<string>; gained: Map<string, string> };
}

export function createLiveSlot(startMs: number, proofs: Proofs): LiveSlot {
  const slot: Slot = { startMs, durationMs: slotMs, sums: new Map() };
  const known = new Map<string, KnownState>();
  const byKey = new Map<string, Placed[]>();
  const byTarget = new Map<string, Set<string>>();
  const byTuple = new Map<string, Set<Placed>>();
  const open = new Set<Placed>();
  let dirty = new Set<string>();

  return {
    slot,
    keysTo: (target) => [...(byTarget.get(target) ?? [])].sort(),
    targets: () => byTarget.keys(),
    put(state, resolver, version) {
      const name = stateKey(state);
      const before = known.get(name);
      const made = resolver.made(state, before?.made);
      const placed = new Map<ResolvedRow, Placed>();
      known.set(name, { state, version, made, placed });
      const fresh = new Set(made.rows);
      for (const one of before?.placed.values() ?? []) if (!fresh.has(one.raw)) remove(one);
      const tuples = new Set<string>();
      for (const [at, raw] of made.rows.entries()) {
        const kept = before?.placed.get(raw);
        if (kept !== undefined) {
          move(kept, at);
          placed.set(raw, kept);
          continue;
        }
        const one = { state: name, at, raw, row: raw, key: '' };
        for (const tuple of raw.signals?.tuples ?? []) tuples.add(tuple);
        placed.set(raw, one);
        add(one);
      }
      for (const tuple of tuples)
        proofs.learnOf(
          [...(byTuple.get(tuple) ?? [])].map(({ raw }) => raw),
          startMs,
        );
    },
    outdated(states, version) {
      const found: StoredState[] = [];
      for (const state of states) {
        const before = known.get(stateKey(state));
        if (before?.state !== state || before.version !== version) found.push(state);
      }
      return found;
    },
    keepOnly(states) {
      const names = new Set([...states].map(stateKey));
      for (const [name, { placed }] of known) {
        if (names.has(name)) continue;
        for (const one of placed.values()) remove(one);
        known.delete(name);
      }
    },
    reprove() {
      for (const one of open) {
        const row = proofs.apply(one.raw);
        if (sameEnd(row.source, one.row.source) && sameEnd(row.target, one.row.target)) continue;
        unplace(one);
        one.row = row;
        place(one);
      }
    },
    settle,
  };

  function add(one: Placed): void {
    for (const tuple of one.raw.signals?.tuples ?? []) {
      const named = byTuple.get(tuple);
      if (named === undefined) byTuple.set(tuple, new Set([one]));
      else named.add(one);
    }
    if (isOpen(one.raw.source) || isOpen(one.raw.target)) {
      open.add(one);
      one.row = proofs.apply(one.raw);
    }
    place(one);
  }

  function remove(one: Placed): void {
    for (const tuple of one.raw.signals?.tuples ?? []) {
      const named = byTuple.get(tuple);
      named?.delete(one);
      if (named?.size === 0) byTuple.delete(tuple);
    }
    open.delete(one);
    unplace(one);
  }

  function place(one: Placed): void {
    one.key = keyOfRow(one.row);
    const all = byKey.get(one.key);
    if (all === undefined) byKey.set(one.key, [one]);
    else all.push(one);
    dirty.add(one.key);
  }

  function unplace(one: Placed): void {
    const all = byKey.get(one.key) ?? [];
    const at = all.indexOf(one);
    if (at >= 0) all.splice(at, 1);
    dirty.add(one.key);
  }

  /** What is added in another order may round differently. */
  function move(one: Placed, at: number): void {
    if (one.at === at) return;
    one.at = at;
    if ((byKey.get(one.key)?.length ?? 0) > 1) dirty.add(one.key);
  }

  function settle(): { changed: Set<string>; gained: Map<string, string> } {
    const [changed, gained] = [new Set<string>(), new Map<string, string>()];
    for (const key of dirty) {
      const before = slot.sums.get(key);
      const [first, ...others] = (byKey.get(key) ?? []).sort(inOrder).map(({ row }) => row);
      if (first === undefined) {
        byKey.delete(key);
        if (before === undefined) continue;
        slot.sums.delete(key);
        const { id } = before.target;
        byTarget.get(id)?.delete(key);
        if (byTarget.get(id)?.size === 0) byTarget.delete(id);
        changed.add(id);
        continue;
      }
      const { id } = first.target.node;
      slot.sums.set(key, sumOfRows([first, ...others]));
      changed.add(id);
      if (before !== undefined) continue;
      gained.set(key, id);
      const keys = byTarget.get(id);
      if (keys === undefined) byTarget.set(id, new Set([key]));
      else keys.add(key);
    }
    dirty = new Set();
    return { changed, gained };
  }
}

/** By state, then as the state has them. */
function inOrder(a: Placed, b: Placed): number {
  if (a.state === b.state) return a.at - b.at;
  return a.state < b.state ? -1 : 1;
}
