import type { LeaseGrant } from '../store.ts';

interface Held {
  holder: string;
  untilMs: number;
}

/**
 * Leases of one process, in its memory: nobody else can hold one, and with the process its leases go.
 * `nowMs` never goes back (it times leases); `epochMs` is the time of day (fences start from it).
 */
export interface Leases {
  acquire(names: readonly string[], holder: string, ttlMs: number): LeaseGrant | undefined;
  renew(names: readonly string[], holder: string, ttlMs: number): boolean;
  release(names: readonly string[], holder: string): void;
}

export function createLeases(nowMs: () => number, epochMs: () => number): Leases {
  const held = new Map<string, Held>();
  let lastFence = 0;

  function holderOf(name: string): string | undefined {
    const found = held.get(name);
    if (found === undefined || found.untilMs > nowMs()) return found?.holder;
    held.delete(name);
    return undefined;
  }

  function hold(names: readonly string[], holder: string, ttlMs: number): void {
    for (const name of names) held.set(name, { holder, untilMs: nowMs() + ttlMs });
  }

  return {
    acquire(names, holder, ttlMs) {
      const isFree = names.every((name) => [undefined, holder].includes(holderOf(name)));
      if (!isFree) return undefined;
      hold(names, holder, ttlMs);
      lastFence = Math.max(lastFence + 1, epochMs() * 1_000);
      return { fence: lastFence };
    },
    renew(names, holder, ttlMs) {
      const isOurs = names.every((name) => holderOf(name) === holder);
      if (isOurs) hold(names, holder, ttlMs);
      return isOurs;
    },
    release(names, holder) {
      for (const name of names) if (holderOf(name) === holder) held.delete(name);
    },
  };
}
