import { isSameRoute, mergedRoute, routeId, routeOf, type Route } from '@netring/contract/route';
import type { KeptTrace } from '@netring/contract/trace';

/** What is known of the way that a path takes, trace by trace. */
export interface RouteWatch {
  /** Its routers, as far as any trace of it has shown them. */
  route: Route;
  pathId: string;
  /** The newest trace of it. */
  trace: KeptTrace;
  /** Another way that was seen since, and is not believed yet. */
  candidate?: Candidate | undefined;
  /** Ways as good that were taken now and then: equal-cost paths. */
  alternatives: Alternative[];
}

interface Alternative {
  route: Route;
  atMs: number;
  /** Traces in a row that showed it, no other way between. */
  run?: number;
}

interface Candidate {
  route: Route;
  traces: number;
  firstMs: number;
}

/** What a trace means for the route of its path. */
export interface Observed {
  watch: RouteWatch;
  /** The trace under the name of its route. */
  trace: KeptTrace;
  /** The last trace of the way that is left for good. */
  changedFrom?: KeptTrace;
  /** Another trace would tell whether the route has changed. */
  unsure: boolean;
}

/** Seen so often without the old way between, another way is the route now. */
const tracesToBelieve = 2;
/**
 * A way as long and as fast as the one before is most likely an equal-cost path that routers chose for a moment: it is
 * the route when it has been taken this long, and so often.
 */
const equalCost = { traces: 3, ms: 60_000 };
/** Equal-cost paths not taken for so long are forgotten. */
const alternativeMs = 3_600_000;
const mostAlternatives = 16;
/** An equal-cost path is the route when it has been taken so often in a row, and the route no more for `alternativeMs`. */
const runToBelieve = 12;
/** Round trips that differ by less are those of equal ways. */
const sameRoundTrip = { ms: 2, share: 0.1 };

/**
 * Takes a trace that reached its target; others say nothing of the route. Pure, so that it can be told as a table.
 * An equal-cost path that comes and goes changes nothing; neither does a hop that is silent now and then.
 */
export function observe(before: RouteWatch | undefined, trace: KeptTrace): Observed | undefined {
  const route = routeOf(trace);
  if (route === undefined) return undefined;
  if (before === undefined) return { ...settled(route, trace, []), unsure: false };
  const alternatives = before.alternatives.filter(({ atMs }) => trace.at_ms - atMs < alternativeMs);
  const named = { ...trace, path_id: before.pathId };
  if (isSameRoute(before.route, route)) {
    const passed = passedBy(before, withoutRuns(alternatives), trace);
    const watch = { ...before, route: mergedRoute(before.route, route), trace: named, alternatives: passed };
    return { watch: { ...watch, candidate: undefined }, trace: named, unsure: false };
  }
  const known = alternatives.find((one) => isSameRoute(one.route, route));
  if (known !== undefined) {
    const others = withoutRuns(alternatives.filter((one) => one !== known));
    const run = (known.run ?? 0) + 1;
    const refreshed = { route: mergedRoute(known.route, route), atMs: trace.at_ms, run };
    if (run >= runToBelieve && trace.at_ms - before.trace.at_ms >= alternativeMs) {
      const kept = added(others, before.route, before.trace.at_ms);
      return { ...settled(refreshed.route, trace, kept), changedFrom: before.trace, unsure: false };
    }
    return { watch: { ...before, alternatives: [...others, refreshed] }, trace: named, unsure: false };
  }
  return weigh(before, withoutRuns(alternatives), route, trace);
}

/** Whether a way that has not been taken before is the route now. */
function weigh(
  before: RouteWatch,
  alternatives: RouteWatch['alternatives'],
  route: Route,
  trace: KeptTrace,
): Observed {
  const again = before.candidate !== undefined && isSameRoute(before.candidate.route, route);
  const candidate: Candidate = again
    ? { ...(before.candidate as Candidate), traces: (before.candidate as Candidate).traces + 1 }
    : { route, traces: 1, firstMs: trace.at_ms };
  const equal = isAsGood(before, route, trace);
  const held = trace.at_ms - candidate.firstMs;
  const believed = equal
    ? candidate.traces >= equalCost.traces && held >= equalCost.ms
    : candidate.traces >= tracesToBelieve;
  if (!believed) {
    // A third way while a second one is looked at: routers choose among several.
    const passed = again ? alternatives : passedBy(before, alternatives, trace);
    const named = { ...trace, path_id: routeId(candidate.route) };
    return { watch: { ...before, candidate, alternatives: passed }, trace: named, unsure: true };
  }
  const kept = equal ? added(alternatives, before.route, trace.at_ms) : [];
  return {
    ...settled(mergedRoute(candidate.route, route), trace, kept),
    changedFrom: before.trace,
    unsure: false,
  };
}

function settled(
  route: Route,
  trace: KeptTrace,
  alternatives: RouteWatch['alternatives'],
): Pick<Observed, 'watch' | 'trace'> {
  const pathId = routeId(route);
  const named = { ...trace, path_id: pathId };
  return { watch: { route, pathId, trace: named, alternatives }, trace: named };
}

function withoutRuns(alternatives: readonly Alternative[]): Alternative[] {
  return alternatives.map(({ route, atMs }) => ({ route, atMs }));
}

/** A way that was taken for a moment only is an equal-cost path, if it was as long. */
function passedBy(
  { route, candidate }: RouteWatch,
  alternatives: RouteWatch['alternatives'],
  { at_ms }: KeptTrace,
): RouteWatch['alternatives'] {
  if (candidate === undefined || candidate.route.length !== route.length) return alternatives;
  return added(alternatives, candidate.route, at_ms);
}

function added(list: RouteWatch['alternatives'], route: Route, atMs: number): RouteWatch['alternatives'] {
  return [...list.filter((one) => !isSameRoute(one.route, route)), { route, atMs }].slice(-mostAlternatives);
}

/** As many hops, and about as long a round trip. */
function isAsGood(before: RouteWatch, route: Route, trace: KeptTrace): boolean {
  if (before.route.length !== route.length) return false;
  const [usualMs, nowMs] = [roundTripOf(before.trace), roundTripOf(trace)];
  return Math.abs(usualMs - nowMs) <= Math.max(sameRoundTrip.ms, sameRoundTrip.share * usualMs);
}

function roundTripOf(trace: KeptTrace): number {
  return Math.min(Infinity, ...(trace.hops.at(-1)?.answers ?? []).map(({ min_ms }) => min_ms));
}
