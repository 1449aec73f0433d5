import type { Baseline } from '@netring/contract/baseline';
import type { BandwidthSummary, RouteSummary } from '@netring/contract/path';

/**
 * What other rooms know of a member path and the picture shows with it. Asked for each pair whenever it is described
 * or rolled up, so an answer must cost a look-up, no more; `undefined` when nothing is known.
 */
export interface KnownOfPaths {
  routeOf?(source: string, target: string): RouteSummary | undefined;
  bandwidthOf?(source: string, target: string): BandwidthSummary | undefined;
  baselinesOf?(source: string, target: string): readonly Baseline[] | undefined;
}

interface Named {
  source: string;
  target: string;
}

/** The route among these paths whose worst step adds most; without any worst step, the newest. */
export function worstRoute(pairs: readonly Named[], known: KnownOfPaths): RouteSummary | undefined {
  let worst: RouteSummary | undefined;
  for (const { source, target } of known.routeOf === undefined ? [] : pairs) {
    const one = known.routeOf?.(source, target);
    if (one === undefined) continue;
    const more = (one.worst_step?.added_ms ?? -1) - (worst?.worst_step?.added_ms ?? -1);
    if (worst === undefined || more > 0 || (more === 0 && one.at_ms > worst.at_ms)) worst = one;
  }
  return worst;
}

/** The lowest rate of these paths in each direction; its age is that of the older of the two. Without any, the newest test. */
export function lowestBandwidth(pairs: readonly Named[], known: KnownOfPaths): BandwidthSummary | undefined {
  let forward: { mbps: number; atMs: number } | undefined;
  let back: { mbps: number; atMs: number } | undefined;
  let untold: BandwidthSummary | undefined;
  for (const { source, target } of known.bandwidthOf === undefined ? [] : pairs) {
    const one = known.bandwidthOf?.(source, target);
    forward = lower(forward, one?.forward_mbps, one?.at_ms);
    back = lower(back, one?.return_mbps, one?.at_ms);
    if (one?.untold !== undefined && one.at_ms > (untold?.at_ms ?? 0)) untold = one;
  }
  if (forward === undefined && back === undefined) return untold;
  return {
    ...(forward === undefined ? {} : { forward_mbps: forward.mbps }),
    ...(back === undefined ? {} : { return_mbps: back.mbps }),
    at_ms: Math.min(forward?.atMs ?? Infinity, back?.atMs ?? Infinity),
  };
}

function lower(
  before: { mbps: number; atMs: number } | undefined,
  mbps: number | undefined,
  atMs: number | undefined,
) {
  if (mbps === undefined || atMs === undefined) return before;
  return before === undefined || mbps < before.mbps ? { mbps, atMs } : before;
}
