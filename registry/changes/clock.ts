import { performance } from 'node:perf_hooks';

/** The store's clock as known here, epoch milliseconds, between two readings. Never goes backwards. */
export interface StoreClock {
  nowMs(): number;
  /** Takes a reading that was asked for at `askedMs` and came at `cameMs`, both of `performance.now()`. */
  set(storeMs: number, askedMs: number, cameMs: number): void;
}

/** Until the first reading it goes by this machine's clock. */
export function createStoreClock(): StoreClock {
  let offset = Date.now() - performance.now();
  let newest = 0;
  let certain = false;
  return {
    nowMs() {
      newest = Math.max(newest, performance.now() + offset);
      return newest;
    },
    set(storeMs, askedMs, cameMs) {
      const read = storeMs - (askedMs + cameMs) / 2;
      // A quick answer is a good reading; a slow one moves the clock only when it disagrees by more than it can be wrong.
      const errorMs = (cameMs - askedMs) / 2 + 1;
      if (!certain || Math.abs(read - offset) > errorMs) {
        if (!certain) newest = 0;
        offset = read;
      }
      certain = true;
    },
  };
}
