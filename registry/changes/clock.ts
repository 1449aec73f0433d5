import { performance } from 'node:perf_hooks';

/**
 * The store's clock as known here, epoch milliseconds, between two readings. Never goes backwards, and never stands
 * still.
 */
export interface StoreClock {
  nowMs(): number;
  /** Takes a reading that was asked for at `askedMs` and came at `cameMs`, both of `performance.now()`. */
  set(storeMs: number, askedMs: number, cameMs: number): void;
}

/** The clock as who reads the store for it sees it. */
export interface KeptClock extends StoreClock {
  /** Time was told to be this already, by a registry that came to know it before. */
  startFrom(ms: number): void;
  /** By how much the time that is told is ahead of the store's clock, as that has gone back. */
  aheadMs(): number;
}

/**
 * How fast time passes here while the store's clock, which was put back, is behind what was told. What stands of results
 * and signs of life goes by that, so it cannot be taken back; and if it stood still no silence would ever be noticed.
 * Not slower, since members tell how long ago they measured: the order of what they tell has to stay.
 */
const pace = 0.9;

/** Until the first reading it goes by this machine's clock. */
export function createStoreClock(): KeptClock {
  let offset = Date.now() - performance.now();
  let told = { ms: -Infinity, atMs: performance.now() };
  let certain = false;
  const nowMs = () => {
    const atMs = performance.now();
    const ms = Math.max(told.ms + pace * Math.max(0, atMs - told.atMs), atMs + offset);
    told = { ms, atMs };
    return ms;
  };
  return {
    nowMs,
    startFrom: (ms) => void (told = { ms: Math.max(ms, nowMs()), atMs: performance.now() }),
    aheadMs: () => nowMs() - (performance.now() + offset),
    set(storeMs, askedMs, cameMs) {
      const read = storeMs - (askedMs + cameMs) / 2;
      // A quick answer is a good reading; a slow one moves the clock only when it disagrees by more than it can be wrong.
      const errorMs = (cameMs - askedMs) / 2 + 1;
      if (!certain || Math.abs(read - offset) > errorMs) {
        // What was told until now was no reading of the store.
        if (!certain) told = { ...told, ms: -Infinity };
        offset = read;
      }
      certain = true;
    },
  };
}
