import type { Hop, HopAnswer } from '@netring/contract/trace';
import { roundedMs } from './rounded.ts';

/** One probe of a trace: how far it was to go, and what came back. */
export interface TraceProbe {
  ttl: number;
  /** Absent while, or since, nothing answers. */
  answer?: {
    from: string;
    rttMs: number;
    /** `passed`: a router says that its hops ended there. `end`: the target, or a router that goes no further. */
    kind: 'passed' | 'end';
  };
}

/** At one distance the contract takes so many; more would be no route. */
const answersPerHop = 16;

/** The distance of the target: the least at which it answered itself; `undefined` when it did not. */
export function reachedTtl(probes: readonly TraceProbe[], target: string): number | undefined {
  const at = probes.filter(({ answer }) => answer?.from === target).map(({ ttl }) => ttl);
  return at.length === 0 ? undefined : Math.min(...at);
}

/** The hops from the first up to the target, or to the last that answered; silent ones are kept. */
export function hopsOf(probes: readonly TraceProbe[], target: string): Hop[] {
  const answering = probes.filter(({ answer }) => answer !== undefined).map(({ ttl }) => ttl);
  const last = reachedTtl(probes, target) ?? Math.max(0, ...answering);
  return Array.from({ length: last }, (_, at) => hopAt(at + 1, probes));
}

function hopAt(ttl: number, probes: readonly TraceProbe[]): Hop {
  const here = probes.filter((probe) => probe.ttl === ttl);
  const byRouter = new Map<string, number[]>();
  for (const { answer } of here) {
    if (answer === undefined) continue;
    byRouter.set(answer.from, [...(byRouter.get(answer.from) ?? []), answer.rttMs]);
  }
  const answers = [...byRouter].map(([ip, rttsMs]) => answerOf(ip, rttsMs));
  return { ttl, sent: here.length, answers: answers.slice(0, answersPerHop) };
}

function answerOf(ip: string, rttsMs: readonly number[]): HopAnswer {
  const sorted = [...rttsMs].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const middle = sorted.length % 2 === 1 ? at(sorted, half) : (at(sorted, half - 1) + at(sorted, half)) / 2;
  return {
    ip,
    received: sorted.length,
    min_ms: roundedMs(at(sorted, 0)),
    median_ms: roundedMs(middle),
    max_ms: roundedMs(at(sorted, sorted.length - 1)),
  };
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
