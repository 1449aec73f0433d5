import { routeId, routeOf } from '@netring/contract/route';
import type { Trace } from '@netring/contract/trace';
import { roundedMs } from './rounded.ts';
import { overlapsMs, type Stall } from './stalls.ts';
import type { RawTrace } from './traceroute.ts';
import { hopsOf, reachedTtl } from './traceroute-hops.ts';
import { withSteps, worstStepOf } from './traceroute-steps.ts';

/** So long, or so much of it, this process may have been held up while a trace was under way: what its steps show is above it. */
const harmlessMs = 5;
const harmlessShare = 0.05;

/** Whose trace it is. */
export type TraceNaming = Pick<Trace, 'id' | 'target' | 'cause' | 'task'>;

/** What a trace says, from what was sent and heard. */
export function traceOf(
  naming: TraceNaming,
  address: string,
  raw: RawTrace,
  stalls: readonly Stall[],
): Trace {
  const { startedMs, endedMs, failure } = raw;
  const common = {
    ...naming,
    protocol: 'icmp' as const,
    started_ms: roundedMs(startedMs),
    ended_ms: roundedMs(endedMs),
  };
  const heldUpMs = Math.max(0, ...overlapsMs(stalls, startedMs, endedMs));
  if (failure?.outcome === 'void') return { ...common, ...failure, reached: false, hops: [] };
  if (heldUpMs > Math.max(harmlessMs, harmlessShare * (endedMs - startedMs))) {
    const reason = `the probe process was held up for ${Math.round(heldUpMs)} ms of this trace`;
    return { ...common, outcome: 'void', reason, reached: false, hops: [] };
  }
  const reached = reachedTtl(raw.probes, address) !== undefined;
  const hops = withSteps(hopsOf(raw.probes, address), reached);
  const route = routeOf({ reached, hops });
  const worst_step = worstStepOf(hops);
  return {
    ...common,
    ...outcomeOf(reached, failure),
    reached,
    hops,
    ...(route !== undefined && { path_id: routeId(route) }),
    ...(worst_step !== undefined && { worst_step }),
  };
}

function outcomeOf(reached: boolean, failure: RawTrace['failure']): Pick<Trace, 'outcome' | 'reason'> {
  if (reached) return { outcome: 'ok' };
  return failure ?? { outcome: 'timeout', reason: 'the target answered no echo at any distance' };
}
