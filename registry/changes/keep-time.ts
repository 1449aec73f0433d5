import { performance } from 'node:perf_hooks';
import type { Logger } from '@netring/service/log';
import type { Store } from '../store/index.ts';
import type { KeptClock } from './clock.ts';
import { lastListenedAtMs } from './deaf-spans.ts';

/** From here on somebody should look at the machine's clock; less is made up for in a minute. */
const worthTellingMs = 5_000;
/** What was told further ahead was wrong altogether: nobody would see the right time again. */
const mostAheadMs = 24 * 3_600_000;

/** Reads the store's clock for `clock`; to be called once a second. The first call goes on from what was told before. */
export function createTimekeeper(store: Store, clock: KeptClock, log: Logger): () => Promise<void> {
  let begun = false;
  let isTold = false;

  return async () => {
    const askedMs = performance.now();
    clock.set(await store.nowMs(), askedMs, performance.now());
    if (!begun) await begin();
    begun = true;
    const aheadMs = clock.aheadMs();
    if (isTold && aheadMs <= 0) {
      isTold = false;
      log.info('the time that is told is that of the store again');
    }
    if (isTold || aheadMs < worthTellingMs) return;
    isTold = true;
    log.warn(
      { ahead_s: Math.round(aheadMs / 1000) },
      'the clock of the store was put back; time passes a tenth slower here until it has caught up: look after the time of its machine',
    );
  };

  /** What the store holds, of before a restart or of other replicas, goes by the time that was told then. */
  async function begin(): Promise<void> {
    const toldMs = (await lastListenedAtMs(store)) ?? -Infinity;
    const aheadMs = toldMs - clock.nowMs();
    if (aheadMs <= mostAheadMs) return clock.startFrom(toldMs);
    log.error(
      { ahead_s: Math.round(aheadMs / 1000) },
      'the clock of the store was put back by more than a day; what was kept before is taken for new until then',
    );
  }
}
