import type { Result } from '@netring/contract/result';

/** A time in which this process did not get to look at its sockets. */
export interface Stall {
  fromMs: number;
  toMs: number;
}

/**
 * How often the process looks at the clock, at the least: a stall that outlasts the longest beat by `toleranceMs` is always
 * noticed. No two in a row are equally long, so that what goes out with them meets no rhythm of the network. The one after
 * something has gone out may be as short as can be: else no stall shorter than a beat would ever be noticed then.
 */
const beatMs = { afterSending: 1, least: 16, most: 20 };
/** So much later than planned a timer may be before it counts as a stall: a busy, healthy loop is that late. */
const toleranceMs = 5;
/** A stall this short cannot turn one result into another. */
const harmlessMs = 2;
/** So much of a probe may be lost to stalls: a tenth, a measuring error that one can live with. */
const harmlessShare = 0.1;

/** The stall that a beat at `nowMs` reveals when it was due at `dueMs`, if there was one. */
export function stallOf(dueMs: number, nowMs: number): Stall | undefined {
  return nowMs - dueMs > toleranceMs ? { fromMs: dueMs, toMs: nowMs } : undefined;
}

/** How many milliseconds of `[startedMs, endedMs]` each stall took. */
export function overlapsMs(stalls: readonly Stall[], startedMs: number, endedMs: number): number[] {
  return stalls.map(({ fromMs, toMs }) => Math.max(0, Math.min(toMs, endedMs) - Math.max(fromMs, startedMs)));
}

/**
 * What a result is worth given the stalls of the process that took it. A latency is as wrong as the longest stall, in
 * whose middle the answer may have come. A silence is in doubt when too much of it was slept through. What the far end
 * has said (`refused`, a status) no stall can have made up; only when it came is not known then, nor how often it was asked.
 */
export function judged<R extends Result>(result: R, startedMs: number, stalls: readonly Stall[]): R {
  const silent = result.outcome === 'timeout' || result.outcome === 'resolve_failed';
  if (stalls.length === 0) return result;
  const overlaps = overlapsMs(stalls, startedMs, result.ended_ms);
  const lostMs = silent ? overlaps.reduce((sum, ms) => sum + ms, 0) : Math.max(...overlaps);
  if (!spoilsTime(lostMs, result.ended_ms - startedMs)) return result;
  if (result.outcome !== 'ok' && !silent) return untimed(result);
  const reason = `the probe process was held up for ${Math.round(lostMs)} ms of this check`;
  return { ...voidOf(result), reason };
}

/** Whether so long a stall turns a time of `durationMs` into another one. */
export function spoilsTime(stallMs: number, durationMs: number): boolean {
  return stallMs > Math.max(harmlessMs, harmlessShare * durationMs);
}

/** The result without what was read off the clock: times, and how many SYNs fit into them. */
function untimed<R extends Result>(result: R): R {
  if (result.kind !== 'tcp' && result.kind !== 'http') return result;
  const of: Record<string, unknown> = { ...result };
  for (const time of clocked) delete of[time];
  return of as R;
}

const clocked = ['syn_retransmits', 'name_ms', 'connect_ms', 'tls_ms', 'first_byte_ms', 'total_ms'];

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

/** Something that is done with the beats of the watch: waking up costs more than most of what is done then. */
export interface Rider {
  /** When it wants a beat at the latest; a later one than the next is of no account. */
  dueMs(): number;
  /** A beat; after a stall, what the sockets have meanwhile received has been looked at. Returns whether anything went out. */
  beat(nowMs: number): boolean;
}

/** Watches the event loop of this process while a probe is under way: it beats, and sees how late it is. */
export interface StallWatch {
  /** A probe begins. */
  enter(): void;
  /** A probe is over. */
  leave(): void;
  /** From now on it beats for this one, too. There are beats only while a probe is under way. */
  carry(rider: Rider): void;
  /** The longest of the stalls that ended lately, milliseconds. */
  lateMs(): number;
  /** A timer of this process ran so much later than planned, milliseconds. */
  late(ms: number): void;
  /** Every stall since then that a probe now under way may have met, the one just going on too. */
  stalls(sinceMs: number): readonly Stall[];
  /** 99th percentile of how late timers were since this was last asked, milliseconds. */
  takeDelayMs(): number;
}

/** No probe takes longer than two tries at a time-out of 60 s; older stalls overlap with none. */
const keptMs = 120_000;

/** An answer that has waited for a stall to end is under way no longer than this. */
const latelyMs = 2000;

const none: readonly Stall[] = [];

export function watchStalls(now: () => number): StallWatch {
  let stalls: Stall[] = [];
  let delays: number[] = [];
  let underWay = 0;
  let dueMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const riders: Rider[] = [];

  const beat = () => {
    const nowMs = now();
    const stall = stallOf(dueMs, nowMs);
    delays.push(Math.max(0, nowMs - dueMs));
    dueMs = nowMs;
    if (stall === undefined) return ride(nowMs);
    stalls = [...stalls.filter(({ toMs }) => toMs > nowMs - keptMs), stall];
    // Timers run before sockets, and sockets before the work that they make: what has come meanwhile is looked at first.
    setImmediate(() => setImmediate(() => ride(now())));
  };
  const ride = (nowMs: number) => {
    let hasSent = false;
    for (const rider of riders) if (rider.beat(nowMs)) hasSent = true;
    if (underWay > 0) plan(hasSent ? beatMs.afterSending : beatMs.least);
  };
  const plan = (leastMs: number) => {
    const nowMs = now();
    dueMs = nowMs + leastMs + (beatMs.most - leastMs) * Math.random();
    for (const rider of riders) dueMs = Math.min(dueMs, rider.dueMs());
    dueMs = Math.max(dueMs, nowMs + 1);
    clearTimeout(timer);
    timer = setTimeout(beat, dueMs - nowMs);
  };
  return {
    enter() {
      if (underWay++ === 0) plan(beatMs.least);
    },
    leave() {
      if (--underWay === 0) clearTimeout(timer);
    },
    carry: (rider) => void riders.push(rider),
    late: (ms) => void delays.push(Math.max(0, ms)),
    stalls(sinceMs) {
      const open = underWay > 0 ? stallOf(dueMs, now()) : undefined;
      if (open !== undefined) return [...stalls, open];
      return (stalls.at(-1)?.toMs ?? -Infinity) < sinceMs ? none : stalls;
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
