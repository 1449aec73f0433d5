/** How long to leave somebody alone who failed. Times are milliseconds. */
export const backoff = { firstMs: 1_000, mostMs: 300_000 };

/**
 * The wait after so many failures in a row: doubling from 1 s to 5 min, spread by a quarter either way so that several do
 * not come back together, and at least what was asked for, up to ten minutes.
 *
 * @param random from 0 to 1
 */
export function waitAfter(failures: number, random: number, askedMs = 0): number {
  const plainMs = Math.min(backoff.mostMs, backoff.firstMs * 2 ** Math.min(20, Math.max(0, failures - 1)));
  return Math.max(plainMs * (0.75 + random / 2), Math.min(askedMs, 2 * backoff.mostMs));
}
