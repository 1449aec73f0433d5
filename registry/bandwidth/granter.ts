import { leaseTimes } from '@netring/contract/lease';
import type { LeaseGrant, Store } from '../store/index.ts';

/** Grants leases such that no two that share a name are ever held at once, whatever becomes of store and leader. */
export interface Granter {
  /**
   * Called again and again while this replica leads; `term` as its duty is told.
   *
   * @returns how long it still has to keep still, milliseconds; 0: it may grant
   */
  lead(term: number): Promise<number>;
  /** All names or none. `undefined`: something is held, or this replica is no longer sure to lead. */
  acquire(names: readonly string[], holder: string): Promise<LeaseGrant | undefined>;
  /** The lease of `holder` was given back. */
  ended(holder: string): void;
  /** The names that this replica has granted and that may still be held. */
  held(): ReadonlySet<string>;
}

export interface GranterNeeds {
  store: Pick<Store, 'lease' | 'generation'>;
  /** A clock that no jump of the time of day moves, milliseconds. */
  now: () => number;
  /** Asks the store whether this replica is still the leader. */
  stillLeads: () => Promise<boolean>;
}

/** The steps of one grant take no longer; when they did, this process was held up, and others may have acted. */
const longestGrantMs = 2_000;

/**
 * The store excludes leases from each other. Beyond that, for when it loses them (emptied, failed over, or its clock
 * jumped and they expired): the leader remembers its own grants, and one that has led this store for less than a lease
 * can last grants nothing, since there may be leases that it does not know.
 */
export function createGranter({ store, now, stillLeads }: GranterNeeds): Granter {
  const granted = new Map<string, { names: readonly string[]; untilMs: number }>();
  let steady: { term: number; generation: string; sinceMs: number } | undefined;

  const stillMs = () => (steady === undefined ? leaseTimes.held : steady.sinceMs + leaseTimes.held - now());
  const held = () => {
    for (const [holder, { untilMs }] of granted) if (untilMs <= now()) granted.delete(holder);
    return new Set([...granted.values()].flatMap(({ names }) => names));
  };
  /** Whether everything is as it was when `since` began. */
  const isSteady = async (since: typeof steady, fromMs: number) =>
    (await store.generation()) === since?.generation &&
    (await stillLeads()) &&
    steady === since &&
    now() - fromMs < longestGrantMs;

  return {
    async lead(term) {
      const generation = await store.generation();
      if (steady?.term !== term || steady.generation !== generation) {
        steady = { term, generation, sinceMs: now() };
      }
      return Math.max(0, stillMs());
    },
    async acquire(names, holder) {
      const since = steady;
      const fromMs = now();
      if (stillMs() > 0 || names.some((name) => held().has(name))) return undefined;
      // Noted before the store is asked: a grant whose answer is lost is one all the same.
      granted.set(holder, { names, untilMs: fromMs + longestGrantMs + leaseTimes.held });
      const grant = await store.lease.acquire(names, holder, leaseTimes.held);
      if (grant !== undefined && (await isSteady(since, fromMs))) return grant;
      if (grant !== undefined) await store.lease.release(names, holder);
      granted.delete(holder);
      return undefined;
    },
    ended: (holder) => void granted.delete(holder),
    held,
  };
}
