import type { LocationPath, PathState } from '@netring/contract/path';
import type { Cell, Pair } from './grid.ts';
import {
  locationKey,
  memberKey,
  type KeptState,
  type KeptStates,
  type StatesOfSource,
} from './kept-states.ts';

/** Holds what is seen here against what is kept. */
export interface StateMemory {
  /** What is kept of a pair: by which a state that was seen for the first time here began earlier. */
  ofPair(pair: Pair): KeptState | undefined;
  ofCell(cell: Cell): KeptState | undefined;
  /** Notes that the state of something that begins at this pair's or cell's source has changed. */
  pairChanged(pair: Pair): void;
  cellChanged(cell: Cell): void;
  /** Takes over since when states hold from what another replica, the leader, has told. */
  adopt(cells: readonly Cell[]): void;
  /** What has changed here and is kept differently, by key. */
  toKeep(
    cells: readonly Cell[],
    shownOf: (cell: Cell) => LocationPath | undefined,
  ): Map<string, StatesOfSource>;
}

export function createStateMemory(kept: KeptStates): StateMemory {
  let changed = new Set<string>();
  let loads = 0;

  return {
    ofPair: (pair) => kept.of(memberKey(pair.source)).get(pair.target),
    ofCell: (cell) => kept.of(locationKey(cell.source)).get(cell.key),
    pairChanged: (pair) => void changed.add(memberKey(pair.source)),
    cellChanged: (cell) => void changed.add(locationKey(cell.source)),
    adopt(cells) {
      const news = new Set(kept.takeNews());
      if (news.size === 0) return;
      for (const { pairs } of cells) {
        for (const pair of pairs) {
          if (!news.has(memberKey(pair.source))) continue;
          const one = kept.of(memberKey(pair.source)).get(pair.target);
          if (one?.state === pair.verdict.state && one.sinceMs !== undefined) pair.sinceMs = one.sinceMs;
        }
      }
    },
    toKeep(cells, shownOf) {
      // Before anything was looked at, nothing can be said to be gone.
      if (cells.length === 0) return new Map();
      const all = kept.loads() !== loads;
      loads = kept.loads();
      const keys = changed;
      changed = new Set();
      if (!all && keys.size === 0) return new Map();
      const found = new Map<string, Map<string, KeptState>>();
      const note = (key: string, name: string, one: KeptState | undefined) => {
        if (!all && !keys.has(key)) return;
        if (one === undefined) return;
        const states = found.get(key) ?? new Map<string, KeptState>();
        found.set(key, states.set(name, one));
      };
      const sources = new Set<string>();
      for (const cell of cells) {
        const shown = shownOf(cell);
        sources.add(locationKey(cell.source));
        note(locationKey(cell.source), cell.key, shown && keptOf(shown.state, shown.since_ms, 0));
        for (const pair of cell.pairs) {
          sources.add(memberKey(pair.source));
          const one = keptOf(pair.verdict.state, pair.sinceMs, pair.path?.notUpMs ?? 0);
          note(memberKey(pair.source), pair.target, one ?? kept.of(memberKey(pair.source)).get(pair.target));
        }
      }
      for (const key of kept.keys()) if (!sources.has(key)) found.set(key, new Map());
      return new Map([...found].filter(([key, states]) => !sameStates(states, kept.of(key))));
    },
  };
}

/** Not known, and nobody saw it begin: nothing to keep, and nothing to forget what is kept for. */
function keptOf(state: PathState, sinceMs: number | undefined, notUpMs: number): KeptState | undefined {
  if (state === 'unknown' && sinceMs === undefined) return undefined;
  return {
    state,
    ...(sinceMs === undefined ? {} : { sinceMs: Math.round(sinceMs) }),
    ...(notUpMs > 0 ? { notUpMs: Math.round(notUpMs) } : {}),
  };
}

/** While a path is not up that moment moves on all the time, and is kept when it is over. */
function sameStates(one: StatesOfSource, other: StatesOfSource): boolean {
  if (one.size !== other.size) return false;
  for (const [name, { state, sinceMs }] of one) {
    const kept = other.get(name);
    if (kept?.state !== state || kept.sinceMs !== sinceMs) return false;
  }
  return true;
}
