import { monotonicMs } from '../clock.ts';

/** Both clocks of a member: sources see the wall's, reports are on the monotonic one. */
export interface Clocks {
  /** Epoch milliseconds. */
  wallMs: () => number;
  monotonicMs: () => number;
}

export const systemClocks: Clocks = { wallMs: () => Date.now(), monotonicMs };

/** A clock that is slewed or drifts moves far less than this between two looks; what moves more was stepped. */
export const stepMs = 5000;

/** How the wall clock stands to the monotonic one. */
export interface Offset {
  /** What to take from a wall-clock time to have it on the monotonic clock, milliseconds. */
  toMonotonicMs: number;
  /** By how much the wall clock was stepped since the last look; 0 when it was not. */
  steppedMs: number;
}

/** The offset now, given the one before. One that only drifted stays as it is, so that buckets keep their place. */
export function offsetAfter(before: number | undefined, { wallMs, monotonicMs: ticks }: Clocks): Offset {
  const now = wallMs() - ticks();
  if (before === undefined) return { toMonotonicMs: now, steppedMs: 0 };
  const moved = now - before;
  return Math.abs(moved) > stepMs
    ? { toMonotonicMs: now, steppedMs: moved }
    : { toMonotonicMs: before, steppedMs: 0 };
}
