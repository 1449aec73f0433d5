/** How fast one caller may go on. */
export interface RateLimit {
  /** Takes one from the caller's allowance; false when it is used up. */
  take(caller: string, nowMs: number): boolean;
}

interface Allowance {
  left: number;
  atMs: number;
}

/** Callers remembered; beyond it those with a full allowance are forgotten first, which changes nothing for them. */
const mostCallers = 10_000;

/** A token bucket for each caller: `burst` at once, `perSecond` in the long run. */
export function createRateLimit(burst: number, perSecond: number): RateLimit {
  const allowances = new Map<string, Allowance>();
  return {
    take(caller, nowMs) {
      const before = allowances.get(caller) ?? { left: burst, atMs: nowMs };
      const left = Math.min(burst, before.left + ((nowMs - before.atMs) / 1000) * perSecond);
      if (allowances.size >= mostCallers && !allowances.has(caller)) forget(nowMs);
      allowances.set(caller, { left: left >= 1 ? left - 1 : left, atMs: nowMs });
      return left >= 1;
    },
  };

  function forget(nowMs: number): void {
    for (const [caller, one] of allowances) {
      if (one.left + ((nowMs - one.atMs) / 1000) * perSecond >= burst) allowances.delete(caller);
    }
    // All of them are busy: the oldest goes, or the list would grow with every new address.
    const oldest = allowances.keys().next();
    if (allowances.size >= mostCallers && oldest.done !== true) allowances.delete(oldest.value);
  }
}
