import type { RouteSummary } from '@netring/contract/path';
import type { KeptTrace, RouteChange } from '@netring/contract/trace';
import { observe, type RouteWatch } from './route-watch.ts';
import { grownStep } from './slow-hop.ts';

/** What is kept of the routes of one path. One value of the store. */
export interface PathRoutes {
  /** The newest trace that counts. */
  latest?: KeptTrace;
  /**
   * The newest that reached the target while nothing was wrong with the path; the first one in any case. One that somebody
   * asked for and that took longer than the last good one is not: blame asks before the path is found slow.
   */
  lastGood?: KeptTrace;
  /** The newest that a task asked for and that counts for nothing, so that who waits for it is told. */
  voided?: KeptTrace;
  watch?: RouteWatch;
  /** Newest first. */
  changes: RouteChange[];
  /** Ids of traces taken, newest first: a report that is repeated adds nothing. */
  taken: string[];
}

/** Where the ends of a path stand, for a change of its route. */
export type Ends = Pick<RouteChange, 'source_location' | 'target_location'>;

/** A route that changes more often has its changes in the newest of them. */
const mostChanges = 4;
/** More than one report carries, twice. */
const mostTaken = 64;

/**
 * What a trace adds; `undefined` when it was taken before.
 *
 * @param isWell nothing is wrong with the path as the trace comes
 */
export function withTrace(
  before: PathRoutes | undefined,
  trace: KeptTrace,
  ends: Ends,
  isWell: boolean,
): { routes: PathRoutes; unsure: boolean } | undefined {
  const { taken, changes, ...rest }: PathRoutes = before ?? { changes: [], taken: [] };
  if (taken.includes(trace.id)) return undefined;
  const routes: PathRoutes = { ...rest, changes, taken: [trace.id, ...taken].slice(0, mostTaken) };
  if (trace.outcome === 'void') return { routes: { ...routes, voided: trace }, unsure: false };
  // Told again after an outage, in any order.
  if (trace.at_ms < (rest.latest?.at_ms ?? 0)) return { routes, unsure: false };
  const observed = observe(rest.watch, trace);
  if (observed === undefined) return { routes: { ...routes, latest: trace }, unsure: false };
  const { watch, trace: named, changedFrom, unsure } = observed;
  const change = changedFrom && changeOf(changedFrom, named, ends);
  return {
    routes: {
      ...routes,
      latest: named,
      lastGood:
        rest.lastGood === undefined || (isWell && !isEarlySign(named, rest.lastGood)) ? named : rest.lastGood,
      watch,
      changes: change === undefined ? changes : [change, ...changes].slice(0, mostChanges),
    },
    unsure,
  };
}

/** Whether a trace out of turn is slower than the last good one, so that it may tell of trouble that is not yet confirmed. */
function isEarlySign(trace: KeptTrace, lastGood: KeptTrace): boolean {
  return trace.cause === 'asked' && grownStep(trace, lastGood) !== undefined;
}

function changeOf(before: KeptTrace, after: KeptTrace, ends: Ends): RouteChange {
  const { source, target, at_ms } = after;
  return { source, target, ...ends, at_ms, before, after };
}

/** The newest route in short. */
export function summaryOf({ latest, lastGood }: PathRoutes): RouteSummary | undefined {
  if (latest === undefined) return undefined;
  const isAnother = lastGood !== undefined && lastGood.id !== latest.id;
  const grown = isAnother ? grownStep(latest, lastGood) : undefined;
  const { hops, reached, path_id, worst_step, at_ms } = latest;
  return {
    hops: hops.length,
    reached,
    ...(path_id === undefined ? {} : { path_id }),
    ...(worst_step === undefined ? {} : { worst_step }),
    ...(grown === undefined ? {} : { grown_step: grown }),
    at_ms,
  };
}
