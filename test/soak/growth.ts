/** What memory did over time. */
export interface Growth {
  /** Smallest value of the second quarter of the time, in which nothing warms up any more. */
  early: number;
  /** Smallest value of the last quarter. */
  late: number;
  largest: number;
  verdict: 'flat' | 'grows' | 'too short';
}

/** A tenth, and what one collection of garbage more or less makes out. */
const toleratedShare = 0.1;
const toleratedMb = 8;
const samplesNeeded = 40;

/**
 * Whether a series of readings, in megabytes, grows. The smallest values are compared: those after garbage was
 * collected, where a leak shows first.
 */
export function growthOf(megabytes: readonly number[]): Growth {
  const quarter = Math.floor(megabytes.length / 4);
  const early = Math.min(...megabytes.slice(quarter, 2 * quarter));
  const late = Math.min(...megabytes.slice(megabytes.length - quarter));
  const largest = Math.max(...megabytes);
  const bound = early * (1 + toleratedShare) + toleratedMb;
  const verdict = megabytes.length < samplesNeeded ? 'too short' : late > bound ? 'grows' : 'flat';
  return { early, late, largest, verdict };
}
