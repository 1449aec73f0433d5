import type { Outcome } from '@netring/contract/result';
import { confirmed, type Measured } from './confirm.ts';
import type { Orders } from './messages.ts';
import { isRoundTarget, type Probes, type RoundTarget } from './probe.ts';
import { firstDelayMs, nextDueMs } from './rhythm.ts';
import { judged, type StallWatch } from './stalls.ts';

/** No order makes this process probe more targets, or one of them more often: a registry is not believed that far. */
const maxTargets = 4096;
const minIntervalMs = 100;

export interface Rounds {
  /** Checks these targets from now on, but those of kinds that are off. Those that were there before keep their rhythm. */
  follow(orders: Orders, off: ReadonlySet<string>): void;
  /** Something else makes this target look cut off: its checks come at once, and what they find is news. */
  hurry(host: string): void;
  stop(): void;
}

/** A target that falls silent again and again is not hurried more often. */
const leastBetweenMs = 1000;

export interface RoundsNeeds {
  now: () => number;
  watch: StallWatch;
  probes: Probes;
  /** Every check's finding; `changed` when its outcome differs from the one before. */
  onMeasured: (measured: Measured, changed: boolean) => void;
}

/** Runs one jittered loop for each target. */
export function createRounds(needs: RoundsNeeds): Rounds {
  const running = new Map<string, Running>();
  const stop = (key: string) => {
    running.get(key)?.controller.abort();
    running.delete(key);
  };
  return {
    follow(orders, off) {
      const targets = orders.targets
        .filter(isRoundTarget)
        .filter(({ kind }) => !off.has(kind))
        .slice(0, maxTargets);
      const wanted = new Set(targets.map((target) => target.key));
      for (const key of running.keys()) if (!wanted.has(key)) stop(key);
      const common = JSON.stringify([orders.intervalMs, orders.options]);
      for (const [at, target] of targets.entries()) {
        const signature = JSON.stringify(target) + common;
        if (running.get(target.key)?.signature === signature) continue;
        stop(target.key);
        const controller = new AbortController();
        const hurry = startLoop(target, orders, needs, controller.signal, { at, of: targets.length });
        running.set(target.key, { target, signature, controller, hurry });
      }
    },
    hurry(host) {
      for (const { target, hurry } of running.values()) if (target.host === host) hurry();
    },
    stop() {
      for (const key of [...running.keys()]) stop(key);
    },
  };
}

interface Running {
  target: RoundTarget;
  signature: string;
  controller: AbortController;
  hurry: () => void;
}

/** @returns what makes the next round come now */
function startLoop(
  target: RoundTarget,
  orders: Orders,
  needs: RoundsNeeds,
  signal: AbortSignal,
  place: { at: number; of: number },
): () => void {
  const intervalMs = Math.max(minIntervalMs, orders.intervalMs);
  const options = orders.options[target.kind];
  let dueMs = needs.now() + firstDelayMs(target.key, intervalMs, place.at, place.of);
  let last: Outcome | undefined;
  let begunMs = -Infinity;
  let underWay = false;
  let isNews = false;
  let timer: NodeJS.Timeout;

  const attempt = async () => {
    const startedMs = needs.now();
    needs.watch.enter();
    const latencies: number[] = [];
    const onRoundTrip = (ms: number) => void latencies.push(ms);
    const found = await needs.probes[target.kind](target, options, signal, onRoundTrip);
    const result = judged(found, startedMs, needs.watch.stalls(startedMs));
    needs.watch.leave();
    return result.outcome === 'void' || latencies.length === 0 ? { result } : { result, latencies };
  };
  const round = async () => {
    begunMs = needs.now();
    underWay = true;
    needs.watch.late(begunMs - dueMs);
    const measured = await confirmed(target.key, attempt);
    underWay = false;
    if (signal.aborted) return;
    dueMs = nextDueMs(dueMs, needs.now(), intervalMs, Math.random());
    const isChange = isNews || measured.result.outcome !== last;
    needs.onMeasured({ ...measured, startedMs: begunMs, nextMs: dueMs }, isChange);
    isNews = false;
    last = measured.result.outcome;
    plan();
  };
  const plan = () => {
    timer = setTimeout(() => void round(), Math.max(0, dueMs - needs.now()));
  };
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  plan();
  return () => {
    isNews = true;
    const nowMs = needs.now();
    if (underWay || nowMs - begunMs < leastBetweenMs || dueMs <= nowMs) return;
    dueMs = nowMs;
    clearTimeout(timer);
    plan();
  };
}
