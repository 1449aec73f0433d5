import { mostNextChecks, type OwnSchedule } from '@netring/contract/own-schedule';
import type { MemberConfig } from './config.ts';
import type { Measured } from './probe/index.ts';
import type { Check } from './schedule/index.ts';

/** When this member next does what, so that a screen need not guess. */
export interface Timetable {
  /** These checks run from now on. */
  follow(checks: readonly Check[]): void;
  /** One was made; it says when it comes next. */
  checked(measured: Pick<Measured, 'key' | 'nextMs'>): void;
  /** The timetable as of now. */
  told(): OwnSchedule;
}

/** What others know of their next work: in how many milliseconds; `undefined`: none is planned. */
export interface Others {
  traceInMs(): number | undefined;
  testInMs(): number | undefined;
}

/** Checks that come closer together are told as one: nobody counts down to each. Milliseconds. */
export const apartMs = 500;
const finest = 100;

type Intervals = Pick<MemberConfig, 'checkIntervalS' | 'tracerouteIntervalS' | 'bandwidthIntervalS'>;

export function createTimetable(config: Intervals, now: () => number, others: Others): Timetable {
  let keys = new Set<string>();
  const due = new Map<string, number>();
  return {
    follow(checks) {
      keys = new Set(checks.map(({ target }) => target.key));
      for (const key of due.keys()) if (!keys.has(key)) due.delete(key);
    },
    checked({ key, nextMs }) {
      if (nextMs !== undefined && keys.has(key)) due.set(key, nextMs);
    },
    told() {
      const traceIn = others.traceInMs();
      const testIn = others.testInMs();
      return {
        checks: {
          interval_ms: config.checkIntervalS * 1000,
          count: keys.size,
          next_in_ms: nextOf([...due.values()], now()),
        },
        ...(traceIn !== undefined && {
          traceroute: { interval_ms: config.tracerouteIntervalS * 1000, next_in_ms: Math.round(traceIn) },
        }),
        ...(testIn !== undefined && {
          bandwidth: { interval_ms: config.bandwidthIntervalS * 1000, next_in_ms: Math.round(testIn) },
        }),
      };
    },
  };
}

/** The soonest of what is still to come, some time apart, from now in milliseconds. */
function nextOf(dueMs: readonly number[], nowMs: number): number[] {
  const next: number[] = [];
  for (const one of dueMs.filter((at) => at > nowMs).sort((a, b) => a - b)) {
    const inMs = Math.round((one - nowMs) / finest) * finest;
    if (next.length > 0 && inMs - (next.at(-1) as number) < apartMs) continue;
    next.push(inMs);
    if (next.length === mostNextChecks) break;
  }
  return next;
}
