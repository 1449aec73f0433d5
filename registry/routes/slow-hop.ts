import type { Hop, KeptTrace, WorstStep } from '@netring/contract/trace';

/** The hop from which on a path is slower than usual. */
export interface SlowHop {
  ttl: number;
  ip: string;
  /** Beyond what this step usually adds. */
  addedMs: number;
}

/** Less than half of what the path added is not the hop that explains it. */
const leastShare = 0.5;

/**
 * The step that adds most beyond what it usually does, of those whose addition persists to the target: a middle hop that
 * answers late alone has none. `undefined` when no step explains half of `addedMs`.
 *
 * @param usual the steps of an undisturbed trace, if there is one
 */
export function slowHop(
  now: readonly Hop[],
  usual: readonly Hop[] | undefined,
  addedMs: number,
): SlowHop | undefined {
  const before = new Map((usual ?? []).flatMap((hop) => stepsOf(hop).map((one) => [one.ip, one.addedMs])));
  const grown = now
    .flatMap(stepsOf)
    .map((one) => ({ ...one, addedMs: one.addedMs - (before.get(one.ip) ?? 0) }));
  const worst = grown.reduce<SlowHop | undefined>(
    (a, b) => (a === undefined || b.addedMs > a.addedMs ? b : a),
    undefined,
  );
  return worst !== undefined && worst.addedMs >= leastShare * addedMs ? worst : undefined;
}

function stepsOf({ ttl, answers, added_ms }: Hop): SlowHop[] {
  const ip = answers[0]?.ip;
  return added_ms === undefined || ip === undefined ? [] : [{ ttl, ip, addedMs: added_ms }];
}

/** Less than this is no growth: the noise of a trace. */
const leastGrowth = { ms: 2, share: 0.1 };

/**
 * The step that explains most of what a path takes beyond the last trace of it while it was well. `undefined` when either did
 * not reach the target, when it takes no longer, and when no step explains half of it.
 */
export function grownStep(now: KeptTrace, well: KeptTrace): WorstStep | undefined {
  const [after, before] = [roundTripOf(now), roundTripOf(well)];
  if (after === undefined || before === undefined) return undefined;
  const growthMs = after - before;
  if (growthMs < Math.max(leastGrowth.ms, leastGrowth.share * before)) return undefined;
  const hop = slowHop(now.hops, well.hops, growthMs);
  return hop && { ttl: hop.ttl, ip: hop.ip, added_ms: Math.round(10 * hop.addedMs) / 10 };
}

function roundTripOf({ reached, hops }: KeptTrace): number | undefined {
  return reached ? hops.at(-1)?.answers[0]?.median_ms : undefined;
}
