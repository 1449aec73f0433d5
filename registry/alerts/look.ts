import type { AlertSubject, RuleName } from '@netring/contract/alert';
import type { LocationPath, PathState } from '@netring/contract/path';
import { dependencyFindings, isFailing, slownessOf } from './dependency-findings.ts';
import { alertId, pairOf, type Finding } from './finding.ts';
import { isNews, isOfDependency } from './graph-rules.ts';
import { memberFindings } from './member-findings.ts';
import { newsFindings } from './news-findings.ts';
import { pathFindings, routeFindings, toldByMembers } from './path-findings.ts';
import type { Rule, Rules } from './rules.ts';
import type { Seen, SeenEdge } from './seen.ts';
import { isTraced } from './step-findings.ts';

/** What holds of a subject that was found bad before: `unknown` when nothing says, `gone` when it is no more. */
export type Standing = 'good' | 'unknown' | 'gone' | ToldInstead;

/** It is a part of another alert's condition: held as it is until that one fires and tells of it, so that nothing seems over. */
export interface ToldInstead {
  by: string;
}

/** One look at the picture. */
export interface Look {
  bad: Finding[];
  /** How a subject stands that is not among the bad. */
  standing(rule: RuleName, subject: AlertSubject): Standing;
}

/** So many conditions are told at once: far above what a person can read, below what fills a screen's memory. */
const mostFindings = 1000;

/** Holds the picture against the rules: a pure function. */
export function look(seen: Seen, rules: Rules): Look {
  const found = new Map<string, Finding>();
  const paths = seen.locationPaths.filter(isLookedAt);
  for (const one of [
    ...memberFindings(seen, rules),
    ...paths.flatMap((path) => pathFindings(path, seen, rules)),
    ...(rules.has('route_changed') ? routeFindings(seen) : []),
    // The last ones: a fault of the network is told by its path, however many dependencies it takes with it.
    ...dependencyFindings(seen.edges, rules),
    ...newsFindings(seen.graphEvents, seen.nowMs, rules),
  ]) {
    const before = found.get(one.id);
    // Both ends may measure the same way: the worse figure stands.
    if (before === undefined || isWorse(one, before)) found.set(one.id, one);
  }
  const standing = standings(seen, rules);
  return { bad: [...found.values()].slice(0, mostFindings), standing };
}

function isLookedAt({ state, paths }: LocationPath): boolean {
  return state !== 'unknown' || paths.down > 0;
}

function isWorse(one: Finding, before: Finding): boolean {
  const [a, b] = [one.value ?? 0, before.value ?? 0];
  return one.rule === 'low_bandwidth' ? a < b : a > b;
}

function standings(seen: Seen, rules: Rules): Look['standing'] {
  // Asked for few subjects and at few looks: the maps are made when they are.
  let made: ReturnType<typeof mapsOf> | undefined;
  return (rule, subject) => {
    const { paths, isThere, edges } = (made ??= mapsOf(seen));
    const { source_location, target_location, source, target, instance_id, external } = subject;
    if (isNews(rule)) return 'good';
    if (isOfDependency(rule)) return standingOfEdge(rules.get(rule), edges.get(subject.dependency ?? ''));
    if (instance_id !== undefined) return isThere(instance_id) ? 'good' : 'gone';
    if (source_location === undefined || target_location === undefined) return 'good';
    const kind = external === true ? 'external' : 'member';
    const path = paths.get(pathKey(source_location, target_location, kind));
    if (rule === 'low_bandwidth' || rule === 'loss') {
      // Told of the way it happens on, which may be known from the other end.
      const back = paths.get(pathKey(target_location, source_location, kind));
      if (rule === 'low_bandwidth') return standingOfRate(path, back);
      return bestOf([path, back].map((one) => standingOf(rule, one, seen)));
    }
    if (source === undefined || target === undefined) return standingOf(rule, path, seen);
    if (path === undefined || !isThere(source) || (external !== true && !isThere(target))) return 'gone';
    if (rule === 'route_changed') return 'good';
    // All of the location path is down: told of as that.
    if (!toldByMembers(path)) return { by: alertId('connectivity_down', pairOf(path)) };
    const one = seen.memberPathsOf(path).find((each) => each.source === source && each.target === target);
    return one === undefined ? 'gone' : ofState(one.state);
  };
}

function mapsOf(seen: Seen) {
  const members = new Map(seen.members.map((one) => [one.instance_id, one]));
  return {
    paths: new Map(
      seen.locationPaths.map((path) => [pathKey(path.source, path.target, path.target_kind), path]),
    ),
    edges: new Map(seen.edges.map((edge) => [edge.view.id, edge])),
    isThere: (id: string) => (members.get(id)?.status ?? 'deregistered') !== 'deregistered',
  };
}

function standingOf(rule: RuleName, path: LocationPath | undefined, seen: Seen): Standing {
  if (path === undefined) return 'gone';
  // Nobody hears of it just now: what was bad is not good for that.
  if (path.state === 'unknown') return 'unknown';
  // A trace that did not reach its target says nothing of the steps.
  if (rule === 'high_hop_latency') return isTraced(path, seen) ? 'good' : 'unknown';
  return ofState(path.state);
}

/** What carried too little is well by a rate of that very way, whichever end tested it. */
function standingOfRate(path: LocationPath | undefined, back: LocationPath | undefined): Standing {
  if (path === undefined && back === undefined) return 'gone';
  const there = path?.state === 'unknown' ? undefined : path?.bandwidth?.forward_mbps;
  const fromFarEnd = back?.state === 'unknown' ? undefined : back?.bandwidth?.return_mbps;
  return there === undefined && fromFarEnd === undefined ? 'unknown' : 'good';
}

/** A dependency that nobody asks anything of is not well for that, nor is one that found no room among the bad ones. */
function standingOfEdge(rule: Rule | undefined, edge: SeenEdge | undefined): Standing {
  if (rule === undefined || edge === undefined || edge.view.request_count === 0) return 'unknown';
  const { view } = edge;
  if (rule.name === 'dependency_failing') return isFailing(view, rule.threshold) ? 'unknown' : 'good';
  if (view.blame.verdict === 'unknown') return 'unknown';
  return slownessOf(view, rule.threshold) === undefined ? 'good' : 'unknown';
}

function ofState(state: PathState): Standing {
  return state === 'unknown' ? 'unknown' : 'good';
}

function bestOf(standing: readonly Standing[]): Standing {
  if (standing.includes('good')) return 'good';
  return standing.includes('unknown') ? 'unknown' : 'gone';
}

function pathKey(source: string, target: string, kind: 'member' | 'external'): string {
  return JSON.stringify([source, target, kind]);
}
