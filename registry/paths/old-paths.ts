import type { Grid } from './grid.ts';
import type { Path, PathBook } from './path-book.ts';
import { totalsKeptMs } from './stored-report.ts';

/** Drops paths that nobody measures any more, so that the book does not grow towards all pairs as the plan moves on. */
export interface OldPaths {
  /** Does what is due at `nowMs`; to be called with every look. */
  drop(nowMs: number): void;
}

/** As often as the plan moves on. A path that goes makes a new grid, so all go together. */
const everyMs = 5 * 60_000;

export function createOldPaths(book: PathBook, grid: Grid): OldPaths {
  let droppedMs = -Infinity;
  return {
    drop(nowMs) {
      // At the same moments on all replicas, and by age at that moment: all drop the same.
      const atMs = Math.floor(nowMs / everyMs) * everyMs;
      if (atMs === droppedMs) return;
      droppedMs = atMs;
      grid.current();
      for (const source of book.sources()) {
        for (const path of book.of(source).values()) if (isOld(path, atMs)) book.drop(source, path.target);
      }
    },
  };

  /** Of a path without a pair an end is gone: another name of an external target, or a member nobody knows. */
  function isOld(path: Path, atMs: number): boolean {
    const pair = grid.find(path.source, path.target)?.pair;
    if (pair?.planned === true) return false;
    const newestMs = Math.max(0, ...path.checks.map(({ lastAtMs }) => lastAtMs));
    return newestMs < atMs - Math.max(totalsKeptMs, pair?.freshMs ?? 0);
  }
}
