export interface Backoff {
  firstMs: number;
  /** No wait is longer: raising it delays the recovery, lowering it burdens whoever comes back. */
  longestMs: number;
}

/**
 * How long to wait after `failures` failures in a row: doubling from the first wait up to the longest, of which the
 * upper half is left to chance, so that members which failed together do not come back together.
 *
 * @param random 0 to 1
 */
export function backoffMs(failures: number, { firstMs, longestMs }: Backoff, random: number): number {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.max(0, failures - 1));
  return whole * (0.5 + 0.5 * random);
}
