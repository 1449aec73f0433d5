import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@netring/service/log';
import type { Store } from './store/index.ts';

const name = 'leader';
const ttlMs = 10_000;
const renewMs = 3_000;

/** Does what one replica alone must do, while it holds the lease: sweeping, every `sweepMs`. */
export function lead(
  store: Store,
  replica: string,
  sweepMs: number,
  sweep: () => Promise<number>,
  log: Logger,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let leading = false;
  let sweptAt = 0;
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
      // Away: the lease ends by itself.
      if (leading) await store.lease.release([name], replica).catch(() => undefined);
    },
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        leading = leading
          ? await store.lease.renew([name], replica, ttlMs)
          : (await store.lease.acquire([name], replica, ttlMs)) !== undefined;
        if (leading && performance.now() - sweptAt >= sweepMs) {
          sweptAt = performance.now();
          const forgotten = await sweep();
          if (forgotten > 0) log.info({ forgotten }, 'members no longer kept were removed');
        }
      } catch (error) {
        leading = false;
        log.debug({ reason: error instanceof Error ? error.message : String(error) }, 'not leading');
      }
      await sleep(renewMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
}
