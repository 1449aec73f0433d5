/** Collects items and hands them on together. */
export interface Batch<T> {
  /** `atOnce`: it, and what waits, is handed on without a rest. */
  readonly add: (item: T, atOnce?: boolean) => void;
  readonly stop: () => void;
}

/** The first item after a rest is handed on at once, what follows within `restMs` milliseconds after them. */
export function batch<T>(take: (items: readonly T[]) => void, restMs: number): Batch<T> {
  let waiting: T[] = [];
  let tookMs = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    tookMs = performance.now();
    const items = waiting;
    waiting = [];
    take(items);
  };
  return {
    add: (item, atOnce = false) => {
      waiting.push(item);
      if (atOnce) {
        clearTimeout(timer);
        flush();
        return;
      }
      timer ??= setTimeout(flush, Math.max(0, tookMs + restMs - performance.now()));
    },
    stop: () => clearTimeout(timer),
  };
}
