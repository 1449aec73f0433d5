import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@netring/service/log';
import { StoreAway, type Store } from './store/index.ts';

const name = 'leader';
const ttlMs = 10_000;
const renewMs = 3_000;
/** How often a replica that does not lead asks: nobody is told of anything until one does. */
const askMs = 1_000;
/** How often it is looked whether a duty is due. */
const lookMs = 250;

/** Something that one replica alone must do, again and again. */
export interface Duty {
  /** For the log. */
  name: string;
  everyMs: number;
  /**
   * Called while this replica leads. `fence` names the term: it grows with every one, so that what a former leader
   * still writes can be told from what the present one writes. What it throws is logged; it is called again.
   */
  run(fence: number): Promise<void>;
}

/** Asks the store whether `replica` leads, beyond what it believes itself. */
export function stillLeads(store: Store, replica: string): Promise<boolean> {
  return store.lease.renew([name], replica, ttlMs);
}

/** Does the duties while it holds the lease; a duty never runs twice at once, and none keeps another waiting. */
export function lead(
  store: Store,
  replica: string,
  duties: readonly Duty[],
  log: Logger,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  // Every duty waits on it.
  setMaxListeners(0, stopping.signal);
  /** The term under way, and until when it holds without being prolonged. */
  let term: { fence: number; untilMs: number } | undefined;
  const running = Promise.all([hold(), ...duties.map(perform)]);
  return {
    async stop() {
      stopping.abort();
      await running;
      // Away: the lease ends by itself.
      if (term !== undefined) await store.lease.release([name], replica).catch(() => undefined);
    },
  };

  /** Takes the lease, and prolongs it. */
  async function hold(): Promise<void> {
    while (!stopping.signal.aborted) {
      const askedMs = performance.now();
      try {
        const fence = await holdOnce(term?.fence);
        term = fence === undefined ? undefined : { fence, untilMs: askedMs + ttlMs };
      } catch (error) {
        log.debug({ reason: reasonOf(error) }, 'not leading');
      }
      await pause(term === undefined ? askMs : renewMs);
    }
  }

  async function holdOnce(held: number | undefined): Promise<number | undefined> {
    if (held !== undefined && (await store.lease.renew([name], replica, ttlMs))) return held;
    return (await store.lease.acquire([name], replica, ttlMs))?.fence;
  }

  async function perform(duty: Duty): Promise<void> {
    let nextMs = 0;
    while (!stopping.signal.aborted) {
      const nowMs = performance.now();
      if (term !== undefined && nowMs < term.untilMs && nowMs >= nextMs) {
        nextMs = nowMs + duty.everyMs;
        await duty.run(term.fence).catch((error: unknown) => {
          // A store that is away is told of elsewhere; anything else is a fault that somebody has to see.
          const level = error instanceof StoreAway ? 'debug' : 'error';
          log[level]({ duty: duty.name, reason: reasonOf(error) }, 'a duty was not done');
        });
      }
      await pause(lookMs);
    }
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
