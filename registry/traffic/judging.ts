import type { Fold } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import { createBlameJudge, createUsualKeeper } from './blame/index.ts';
import type { Judge } from './facts.ts';
import { createLinkBook, noting, type LinkBook } from './links/index.ts';
import { createMeasuredPaths, type PathRooms } from './overlay/index.ts';

/** Who judges dependencies, what their links measured, and what is usual, kept over restarts. */
export interface Judging {
  judge: Judge;
  book: LinkBook;
  /** To be followed: reads what was usual before. */
  fold: Fold;
  /** Writes what is usual; the leader's duty. */
  keep(store: Store): Promise<void>;
  /** Member paths under dependencies whose network is blamed: a trace would name the hop. */
  troubled(): { source: string; target: string }[];
}

/** @param leastWindows so many undisturbed windows of 10 s make something usual */
export function createJudging(paths: PathRooms, leastWindows: number): Judging {
  const blame = createBlameJudge(createMeasuredPaths(paths), leastWindows);
  const keeper = createUsualKeeper(blame);
  const book = createLinkBook();
  return {
    judge: noting(blame, book),
    book,
    fold: { load: (store) => keeper.load(store), apply: () => undefined },
    keep: (store) => keeper.keep(store),
    troubled: () => blame.troubled(),
  };
}
