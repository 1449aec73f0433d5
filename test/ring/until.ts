import { setTimeout as wait } from 'node:timers/promises';

const lookAgainMs = 100;

/** How long a test waits for what must come: far beyond any machine's worst mood, for a limit is not an assertion. */
export const patienceMs = 150_000;

/**
 * Looks until `condition` holds, and gives what it gave and after how long.
 *
 * @param condition `undefined` or false: not yet. What it throws counts as not yet, too.
 * @throws Error when `withinMs` have passed, with what was hoped for and what was seen last
 */
export async function until<T>(
  hope: string,
  withinMs: number,
  condition: () => Promise<T | undefined | false>,
  seen: () => string = () => '',
): Promise<{ value: T; tookMs: number }> {
  const startedMs = performance.now();
  let trouble: string;
  for (;;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return { value, tookMs: performance.now() - startedMs };
      trouble = '';
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
    }
    if (performance.now() - startedMs > withinMs) {
      throw new Error([`not within ${withinMs} ms: ${hope}`, trouble, seen()].filter(Boolean).join('\n'));
    }
    await wait(lookAgainMs);
  }
}
