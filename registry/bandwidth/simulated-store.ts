import type { Lease, Store } from '../store/index.ts';
import { StoreAway } from '../store/index.ts';

/** A store with the leases of Redis, on a clock that jumps, and that loses everything when it is told to. */
export interface SimulatedStore extends Pick<Store, 'lease' | 'generation'> {
  flush(): void;
  /** Its time of day jumps, and what has expired by then has. */
  jump(ms: number): void;
  away(forMs: number): void;
  releaseAll(holder: string): Promise<void>;
  /** Does something at a moment. */
  later(atMs: number, work: () => Promise<void>): void;
  due(): Promise<void>;
}

/** @param now a clock that never jumps; the store's own may differ from it by any amount */
export function createSimulatedStore(now: () => number): SimulatedStore {
  const held = new Map<string, { holder: string; untilMs: number }>();
  let offsetMs = 1_700_000_000_000;
  let generation = 0;
  let lastFence = 0;
  let awayUntilMs = -1;
  let waiting: { atMs: number; work: () => Promise<void> }[] = [];

  const clock = () => now() + offsetMs;
  const reach = () => {
    if (now() < awayUntilMs) throw new StoreAway('away');
  };
  const holderOf = (name: string) => {
    const one = held.get(name);
    return one !== undefined && one.untilMs > clock() ? one.holder : undefined;
  };
  const hold = (names: readonly string[], holder: string, ttlMs: number) => {
    for (const name of names) held.set(name, { holder, untilMs: clock() + ttlMs });
  };
  const lease: Lease = {
    async acquire(names, holder, ttlMs) {
      await Promise.resolve(reach());
      if (!names.every((name) => [undefined, holder].includes(holderOf(name)))) return undefined;
      hold(names, holder, ttlMs);
      lastFence = Math.max(lastFence + 1, clock() * 1000);
      return { fence: lastFence };
    },
    async renew(names, holder, ttlMs) {
      await Promise.resolve(reach());
      const isOurs = names.every((name) => holderOf(name) === holder);
      if (isOurs) hold(names, holder, ttlMs);
      return isOurs;
    },
    async release(names, holder) {
      await Promise.resolve(reach());
      for (const name of names) if (holderOf(name) === holder) held.delete(name);
    },
  };
  return {
    lease,
    async generation() {
      await Promise.resolve(reach());
      return String(generation);
    },
    flush() {
      held.clear();
      generation++;
      lastFence = 0;
    },
    jump: (ms) => void (offsetMs += ms),
    away: (forMs) => void (awayUntilMs = now() + forMs),
    async releaseAll(holder) {
      await Promise.resolve(reach());
      for (const [name, one] of held) if (one.holder === holder) held.delete(name);
    },
    later: (atMs, work) => void waiting.push({ atMs, work }),
    async due() {
      const ready = waiting.filter(({ atMs }) => atMs <= now());
      waiting = waiting.filter(({ atMs }) => atMs > now());
      for (const { work } of ready) await work().catch(() => undefined);
    },
  };
}
