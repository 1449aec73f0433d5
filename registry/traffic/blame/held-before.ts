import type { Sign } from './signs.ts';
import type { SignMemory } from './steady.ts';

/** Signs that held when an earlier life of this registry was kept: since when, and the newest window that was so. */
export type PackedSince = Partial<Record<Sign, [sinceMs: number, untilMs: number]>>;

/** It is kept once a minute, and a sign takes some windows to hold again. */
const againWithinMs = 120_000;

/** What held before a restart, until it is known whether it holds still. */
export interface HeldBefore {
  /** The sign after a window, with the beginning of the trouble that it goes on with. */
  goOn<T extends SignMemory>(sign: Sign, next: T): T;
}

export function createHeldBefore(packed: PackedSince = {}): HeldBefore {
  const left = { ...packed };
  return {
    goOn(sign, next) {
      const before = left[sign];
      if (before === undefined) return next;
      const [sinceMs, untilMs] = before;
      const isOver = next.ratios.length >= 2 && next.ratios.slice(-2).every((ratio) => ratio <= 1);
      if (isOver || next.sinceMs !== undefined) delete left[sign];
      const isAgain = next.sinceMs !== undefined && next.sinceMs - untilMs <= againWithinMs;
      return isAgain && sinceMs < (next.sinceMs ?? 0) ? { ...next, sinceMs } : next;
    },
  };
}

/** @param signs with the newest window of each; of one that was not seen within `freshMs` nothing is known any more */
export function packSince(
  signs: ReadonlyMap<Sign, SignMemory & { atMs: number }>,
  untilMs: number,
  freshMs: number,
): PackedSince {
  return Object.fromEntries(
    [...signs].flatMap(([sign, { sinceMs, atMs }]) =>
      sinceMs !== undefined && untilMs - atMs < freshMs ? [[sign, [sinceMs, atMs]]] : [],
    ),
  );
}
