import { answered, type Result } from '@netring/contract/result';
import type { Task } from '@netring/contract/task';
import type { TraceOrder } from './probe/index.ts';
import type { Check } from './schedule/index.ts';
import { createTracePlan } from './trace-plan.ts';

/** Has the targets of a member traced: by schedule, when their path turns bad, and when somebody asks. */
export interface Traces {
  /** These checks run from now on; their targets are traced. */
  follow(checks: readonly Check[]): void;
  /** A check found this. */
  found(check: Check, result: Result): void;
  /** The registry asks for a trace. */
  ask(task: Task, untilMs: number): void;
  /** A trace of this target counts for nothing: it is made again soon. */
  spoilt(target: string): void;
  /** A check of this target, if it is followed. */
  checkOf(target: string): Check | undefined;
  /** In how many milliseconds the next trace is made; `undefined`: there is nobody to trace. */
  nextInMs(): number | undefined;
  stop(): void;
}

export interface TracesNeeds {
  intervalMs: number;
  maxHops: number;
  now: () => number;
  /** Has the probe process make one. */
  send: (order: TraceOrder) => void;
}

/** Timers take no longer waits than this. */
const longestWaitMs = 60_000;

export function createTraces({ intervalMs, maxHops, now, send }: TracesNeeds): Traces {
  const plan = createTracePlan(intervalMs, Math.random);
  const failing = new Map<string, Set<string>>();
  let checks = new Map<string, Check>();
  let timer: NodeJS.Timeout | undefined;

  const look = () => {
    for (const due of plan.take(now())) {
      const check = checks.get(due.target);
      if (check !== undefined) send({ ...due, host: check.ip, maxHops });
    }
    clearTimeout(timer);
    timer = setTimeout(look, Math.min(longestWaitMs, Math.max(1, plan.nextMs() - now())));
  };
  /** Notes whether a check fails; true when its target has just begun, or ceased, to fail. */
  const turned = (check: Check, fails: boolean): boolean => {
    const keys = failing.get(check.id) ?? new Set<string>();
    const before = keys.size > 0;
    if (fails) keys.add(check.target.key);
    else keys.delete(check.target.key);
    if (keys.size > 0) failing.set(check.id, keys);
    else failing.delete(check.id);
    return keys.size > 0 !== before;
  };
  return {
    follow(next) {
      checks = new Map(next.map((check) => [check.id, check]));
      for (const id of failing.keys()) if (!checks.has(id)) failing.delete(id);
      plan.follow(new Set(checks.keys()), now());
      look();
    },
    found(check, result) {
      if (result.outcome === 'void' || result.disturbed === true) return;
      const fails = isSilent(result);
      if (!turned(check, fails)) return;
      if (fails) plan.trouble(check.id, now());
      else plan.soon(check.id, now());
      look();
    },
    ask({ target, id }, untilMs) {
      plan.ask(target, id, untilMs);
      look();
    },
    spoilt(target) {
      plan.soon(target, now());
      look();
    },
    checkOf: (target) => checks.get(target),
    nextInMs() {
      const nextMs = plan.nextMs();
      return nextMs === Infinity ? undefined : Math.max(0, nextMs - now());
    },
    stop: () => clearTimeout(timer),
  };
}

/** Nothing came back, twice where a check is tried twice: the path may be cut somewhere. */
function isSilent(result: Result): boolean {
  const { kind, outcome, confirmed } = result;
  // An HTTP answer without an end is one.
  if (answered(result)) return false;
  if (outcome !== 'timeout' && outcome !== 'unreachable') return false;
  return kind === 'icmp' || kind === 'udp' || confirmed === true;
}
