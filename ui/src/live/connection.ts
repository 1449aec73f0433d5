/** How the dashboard stands with the registry's event stream. Times are epoch milliseconds of the registry. */
export type Connection =
  | { kind: 'connecting' }
  | { kind: 'live' }
  /** `sinceMs` is when the last event came; absent when none ever came. */
  | { kind: 'lost'; sinceMs?: number; reason: string }
  /** The registry wants the view token first. */
  | { kind: 'denied' }
  /** There is no registry: a recording is shown, and its time stands still. */
  | { kind: 'replay' };

/** The registry sends something at least every 5 s: two beats missed and a little grace. */
export const silentAfterMs = 12_000;

/** Whether a stream that should beat has gone silent. Both times come from one monotonic clock. */
export function isSilent(lastEventMs: number, nowMs: number): boolean {
  return nowMs - lastEventMs > silentAfterMs;
}

/** How long to wait before the next attempt, in milliseconds; `chance` is from 0 to 1 and spreads many screens. */
export function retryDelayMs(attempt: number, chance: number): number {
  const base = Math.min(5_000, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(base * (0.75 + chance / 2));
}
