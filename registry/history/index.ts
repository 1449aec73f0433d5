import type { Baseline } from '@netring/contract/baseline';
import type { Fold } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import { createBaselineBook, keepBaselines } from './baseline-book.ts';
import { createKeeper, type KeeperNeeds } from './keeper.ts';
import type { Point } from './point.ts';
import { createHistoryReader, type HistoryReader } from './reader.ts';
import { createShelf } from './shelf.ts';

/** What was measured of each path in the past day, and what is usual on it. */
export interface History {
  /** The baselines, to be folded by every replica. */
  fold: Fold;
  baselinesOf: (source: string, target: string) => readonly Baseline[] | undefined;
  read: HistoryReader['read'];
  /** The points of a source in an hour since the epoch, by target, and how many minutes each of them lasts. */
  hour: (hour: number, source: string) => Promise<{ stepMinutes: number; paths: Map<string, Point[]> }>;
  /** What is usual on every path that it is known of. */
  baselines: () => Iterable<{ source: string; target: string; baselines: readonly Baseline[] }>;
  /** For the leader: writes the minutes and hours that are due; to be called every few seconds. */
  keep(nowMs: number): Promise<void>;
  /** For the leader: works out anew what is usual. */
  keepBaselines(nowMs: number): Promise<void>;
  /** For the leader: does so at once where somebody came to another place since; to be called every few seconds. */
  keepMoved(nowMs: number): Promise<void>;
}

export interface HistoryNeeds extends Omit<KeeperNeeds, 'shelf'> {
  /** Undisturbed minutes of a path until it is known what is usual on it. */
  usualMinutes?: number;
}

export function createHistory(store: Store, needs: HistoryNeeds): History {
  const shelf = createShelf(store);
  const baselines = createBaselineBook();
  const keeper = createKeeper({ ...needs, shelf });
  const reader = createHistoryReader(shelf);
  /** When what is usual was last worked out here, by source. */
  let keptAtMs = new Map<string, number>();
  return {
    fold: baselines,
    baselinesOf: (source, target) => baselines.of(source, target),
    read: (pairs, span) => reader.read(pairs, span),
    async hour(hour, source) {
      const packed = (await shelf.index()).get(hour);
      const paths = await (packed === undefined ? shelf.openHour(hour, source) : shelf.hour(hour, source));
      return { stepMinutes: packed?.stepMinutes ?? 1, paths };
    },
    baselines: () => baselines.all(),
    keep: (nowMs) => keeper.keep(nowMs),
    async keepBaselines(nowMs) {
      const sources = [...needs.sources()];
      await keepBaselines(store, shelf, { ...needs, sources: () => sources }, nowMs);
      keptAtMs = new Map(sources.map((source) => [source, nowMs]));
    },
    async keepMoved(nowMs) {
      const sources = new Set<string>();
      for (const { source, target } of baselines.all())
        if ((needs.movedAtMs?.(source, target) ?? 0) > (keptAtMs.get(source) ?? 0)) sources.add(source);
      if (sources.size === 0) return;
      await keepBaselines(store, shelf, { ...needs, sources: () => sources }, nowMs);
      for (const source of sources) keptAtMs.set(source, nowMs);
    },
  };
}
