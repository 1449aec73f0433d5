import type { Baseline } from '@netring/contract/baseline';
import type { Fold } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import { createBaselineBook, keepBaselines } from './baseline-book.ts';
import { createKeeper, type KeeperNeeds } from './keeper.ts';
import { createHistoryReader, type HistoryReader } from './reader.ts';
import { createShelf } from './shelf.ts';

/** What was measured of each path in the past day, and what is usual on it. */
export interface History {
  /** The baselines, to be folded by every replica. */
  fold: Fold;
  baselinesOf: (source: string, target: string) => readonly Baseline[] | undefined;
  read: HistoryReader['read'];
  /** For the leader: writes the minutes and hours that are due; to be called every few seconds. */
  keep(nowMs: number): Promise<void>;
  /** For the leader: works out anew what is usual. */
  keepBaselines(nowMs: number): Promise<void>;
}

export function createHistory(store: Store, needs: Omit<KeeperNeeds, 'shelf'>): History {
  const shelf = createShelf(store);
  const baselines = createBaselineBook();
  const keeper = createKeeper({ ...needs, shelf });
  const reader = createHistoryReader(shelf);
  return {
    fold: baselines,
    baselinesOf: (source, target) => baselines.of(source, target),
    read: (pairs, span) => reader.read(pairs, span),
    keep: (nowMs) => keeper.keep(nowMs),
    keepBaselines: (nowMs) => keepBaselines(store, shelf, needs.sources(), nowMs),
  };
}
