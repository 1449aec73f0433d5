import type { Result } from '@netring/contract/result';

/** A time in which this process did not get to look at its sockets. */
export interface Stall {
  fromMs: number;
  toMs: number;
}

/** How often the process looks at the clock: a stall that outlasts it by `toleranceMs` is always noticed. */
export const tickMs = 20;
/** So much later than planned a timer may be before it counts as a stall: a busy, healthy loop is that late. */
const toleranceMs = 5;
/** A stall this short cannot turn one result into another. */
const harmlessMs = 2;
/** So much of a probe may be lost to stalls: a tenth, a measuring error that one can live with. */
const harmlessShare = 0.1;

/** The stall that a tick at `nowMs` reveals when the one before it was at `lastTickMs`, if there was one. */
export function stallBetween(lastTickMs: number, nowMs: number): Stall | undefined {
  return nowMs - lastTickMs - tickMs > toleranceMs ? { fromMs: lastTickMs + tickMs, toMs: nowMs } : undefined;
}

/** How many milliseconds of `[startedMs, endedMs]` each stall took. */
export function overlapsMs(stalls: readonly Stall[], startedMs: number, endedMs: number): number[] {
  return stalls.map(({ fromMs, toMs }) => Math.max(0, Math.min(toMs, endedMs) - Math.max(fromMs, startedMs)));
}

/**
 * What a result is worth given the stalls of the process that took it. A latency is as wrong as the longest stall, in
 * whose middle the answer may have come. A silence is in doubt when too much of it was slept through. What the far end
 * has said (`refused`, a status) no stall can have made up.
 */
export function judged<R extends Result>(result: R, startedMs: number, stalls: readonly Stall[]): R {
  const silent = result.outcome === 'timeout' || result.outcome === 'resolve_failed';
  if ((result.outcome !== 'ok' && !silent) || stalls.length === 0) return result;
  const overlaps = overlapsMs(stalls, startedMs, result.ended_ms);
  const lostMs = silent ? overlaps.reduce((sum, ms) => sum + ms, 0) : Math.max(...overlaps);
  if (!spoilsTime(lostMs, result.ended_ms - startedMs)) return result;
  const reason = `the probe process was held up for ${Math.round(lostMs)} ms of this check`;
  return { ...voidOf(result), reason };
}

/** Whether so long a stall turns a time of `durationMs` into another one. */
export function spoilsTime(stallMs: number, durationMs: number): boolean {
  return stallMs > Math.max(harmlessMs, harmlessShare * durationMs);
}

/** The result with nothing left of what it measured. */
function voidOf<R extends Result>(result: R): R {
  const common = { outcome: 'void', ended_ms: result.ended_ms };
  switch (result.kind) {
    case 'tcp':
    case 'http':
      return { kind: result.kind, ...common } as R;
    case 'icmp':
      return { kind: 'icmp', ...common, sent: 0, received: 0 } as R;
    case 'udp':
      return { kind: 'udp', ...common, ...noUdpPackets } as R;
  }
}

/** The counts of a UDP result that counts for nothing. */
export const noUdpPackets = {
  sent: 0,
  received: 0,
  forward_lost: 0,
  return_lost: 0,
  reordered: 0,
  duplicates: 0,
} as const;

/** Watches the event loop of this process while a probe is under way; looking at the clock all the time costs 0.6 % of a core. */
export interface StallWatch {
  /** A probe begins. */
  enter(): void;
  /** A probe is over. */
  leave(): void;
  /** The longest of the stalls that ended lately, milliseconds. */
  lateMs(): number;
  /** A timer of this process ran so much later than planned, milliseconds. */
  late(ms: number): void;
  /** Every stall that a probe now under way may have met, the one just going on too. */
  stalls(): readonly Stall[];
  /** 99th percentile of how late timers were since this was last asked, milliseconds. */
  takeDelayMs(): number;
}

/** No probe takes longer than two tries at a time-out of 60 s; older stalls overlap with none. */
const keptMs = 120_000;

/** An answer that has waited for a stall to end is under way no longer than this. */
const latelyMs = 2000;

export function watchStalls(now: () => number): StallWatch {
  let stalls: Stall[] = [];
  let delays: number[] = [];
  let underWay = 0;
  let lastTickMs = 0;
  let timer: NodeJS.Timeout | undefined;

  const tick = () => {
    const nowMs = now();
    const stall = stallBetween(lastTickMs, nowMs);
    if (stall !== undefined) stalls = [...stalls.filter(({ toMs }) => toMs > nowMs - keptMs), stall];
    delays.push(Math.max(0, nowMs - lastTickMs - tickMs));
    lastTickMs = nowMs;
  };
  return {
    enter() {
      if (underWay++ > 0) return;
      lastTickMs = now();
      timer = setInterval(tick, tickMs);
    },
    leave() {
      if (--underWay === 0) clearInterval(timer);
    },
    late: (ms) => void delays.push(Math.max(0, ms)),
    stalls() {
      const open = stallBetween(lastTickMs, now());
      return open === undefined ? stalls : [...stalls, open];
    },
    lateMs() {
      const sinceMs = now() - latelyMs;
      return stalls.reduce(
        (most, { fromMs, toMs }) => (toMs < sinceMs ? most : Math.max(most, toMs - fromMs)),
        0,
      );
    },
    takeDelayMs() {
      const sorted = delays.sort((a, b) => a - b);
      delays = [];
      return sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0;
    },
  };
}
