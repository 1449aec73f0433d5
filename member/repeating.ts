/** Work that is done again and again, never twice at once. */
export interface Repeating {
  /** Does the work again in at most this long; at once after the work when that is just being done. */
  soon(withinMs: number): void;
  /** In how many milliseconds the work is done next; 0 while it is being done. */
  nextInMs(): number;
  stop(): void;
}

/**
 * Does `work` for the first time after `firstMs`, then each time as long after its end as it says in milliseconds.
 * `work` must not throw.
 */
export function repeating(firstMs: number, work: () => Promise<number>): Repeating {
  let timer: NodeJS.Timeout | undefined;
  let dueMs = Infinity;
  let asked = Infinity;
  let working = false;
  let stopped = false;

  const schedule = (delayMs: number) => {
    clearTimeout(timer);
    dueMs = performance.now() + delayMs;
    timer = setTimeout(() => void run(), delayMs);
  };
  const run = async () => {
    working = true;
    asked = Infinity;
    const delayMs = await work();
    working = false;
    if (!stopped) schedule(Math.min(delayMs, asked));
  };
  schedule(firstMs);
  return {
    soon(withinMs) {
      if (stopped) return;
      if (working) asked = Math.min(asked, withinMs);
      else if (performance.now() + withinMs < dueMs) schedule(withinMs);
    },
    nextInMs: () => (working ? 0 : Math.max(0, dueMs - performance.now())),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
