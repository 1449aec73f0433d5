import type { Trace } from '@netring/contract/trace';

/** A trace whose time has come. */
export type DueTrace = Pick<Trace, 'target' | 'cause' | 'task'>;

/** No target is traced more often, whoever asks: traces of many members meet in one router, which answers only so many. */
export const leastBetweenMs = 10_000;
/** Soon after the start there is something to show; spread, so that a router near by is not asked by all traces at once. */
const firstWithinMs = 10_000;
const jitterShare = 0.1;
/** Tasks kept for one target; they end in the same trace anyway. */
const tasksPerTarget = 4;

interface Planned {
  /** The next by schedule. */
  dueMs: number;
  lastMs: number;
  /** When trouble began that has not been traced. */
  troubleMs?: number | undefined;
  tasks: { id: string; untilMs: number }[];
}

/** When which target is traced. Knows no timers: it is told the time. */
export interface TracePlan {
  /** These are the targets from now on. */
  follow(targets: ReadonlySet<string>, nowMs: number): void;
  /** The path there has just turned bad. */
  trouble(target: string, nowMs: number): void;
  /** It is well again, or its trace was spoilt: how it goes now is looked at sooner than planned. */
  soon(target: string, nowMs: number): void;
  /** Somebody waits for a trace until `untilMs`. A target that is not followed is not traced for anybody. */
  ask(target: string, task: string, untilMs: number): void;
  /** What is to be traced now; each is told once. */
  take(nowMs: number): DueTrace[];
  /** When to look again. */
  nextMs(): number;
}

/** @param random 0 to 1, anew at each call */
export function createTracePlan(intervalMs: number, random: () => number): TracePlan {
  const planned = new Map<string, Planned>();
  const readyMs = (one: Planned): number => {
    const wanted = one.tasks.length > 0 ? -Infinity : Math.min(one.dueMs, one.troubleMs ?? Infinity);
    return Math.max(wanted, one.lastMs + leastBetweenMs);
  };
  return {
    follow(targets, nowMs) {
      for (const target of planned.keys()) if (!targets.has(target)) planned.delete(target);
      for (const target of targets) {
        if (planned.has(target)) continue;
        const dueMs = nowMs + random() * Math.min(intervalMs, firstWithinMs);
        planned.set(target, { dueMs, lastMs: -Infinity, tasks: [] });
      }
    },
    trouble(target, nowMs) {
      const one = planned.get(target);
      // A trace that has just begun shows it already.
      if (one !== undefined && nowMs - one.lastMs >= leastBetweenMs) one.troubleMs = nowMs;
    },
    soon(target, nowMs) {
      const one = planned.get(target);
      if (one === undefined) return;
      one.troubleMs = undefined;
      one.dueMs = Math.min(one.dueMs, nowMs + leastBetweenMs);
    },
    ask(target, task, untilMs) {
      const one = planned.get(target);
      if (one === undefined || one.tasks.length >= tasksPerTarget) return;
      one.tasks.push({ id: task, untilMs });
    },
    take(nowMs) {
      const due: DueTrace[] = [];
      for (const [target, one] of planned) {
        one.tasks = one.tasks.filter(({ untilMs }) => untilMs > nowMs);
        if (readyMs(one) > nowMs) continue;
        const [task, ...others] = one.tasks;
        const cause = task !== undefined ? 'asked' : one.troubleMs !== undefined ? 'trouble' : 'schedule';
        due.push({ target, cause, ...(task !== undefined && { task: task.id }) });
        one.tasks = others;
        one.troubleMs = undefined;
        one.lastMs = nowMs;
        one.dueMs = nowMs + intervalMs * (1 - jitterShare + 2 * jitterShare * random());
      }
      return due;
    },
    nextMs: () => Math.min(Infinity, ...[...planned.values()].map(readyMs)),
  };
}
