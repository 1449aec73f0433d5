import type { LocationPath, MemberPath, RouteSummary } from '@netring/contract/path';
import type { WorstStep } from '@netring/contract/trace';
import { arrow, figure, finding, pairOf, type Finding } from './finding.ts';
import type { Rule } from './rules.ts';
import type { Seen } from './seen.ts';
import { nowAndUsual, type NowAndUsual } from './usual.ts';

/** A path counts as slow as it usually is up to a tenth above; and never by more than half of what is too much for a step. */
const usualShare = 0.1;
const leastMs = 2;
/** So many intervals of a member's traces old, a route says nothing of now; an hour where the interval is not known. */
const routeIntervals = 3;
const unknownIntervalMs = 1_200_000;
/** Traces that follow each other quickly are late at times. */
const leastIntervalMs = 300_000;

/**
 * A step that adds more than it may. A step that is slow by its length is so every day: where the whole path takes what it
 * usually takes, nothing was added to it, and its step is not told. What comes on top is told at once, since then the path is
 * no longer as usual.
 */
export function stepFindings(path: LocationPath, seen: Seen, rule: Rule): Finding[] {
  const highest = path.route?.worst_step;
  if (highest === undefined || highest.added_ms <= rule.threshold) return [];
  const worst = worstTold(path, seen, rule, highest);
  if (worst === undefined) return [];
  const where = `hop ${worst.ttl} (${worst.ip})`;
  const summary = `${where} on the way ${arrow(path.source, path.target)} adds ${figure(worst.added_ms)} ms`;
  const subject = { ...pairOf(path), hop_ip: worst.ip };
  const { threshold } = rule;
  return [finding({ rule: rule.name, subject, summary, value: worst.added_ms, threshold })];
}

/** Whether a trace that says something of now came as far as its target. */
export function isTraced(path: LocationPath, seen: Seen): boolean {
  const paths = seen.memberPathsOf(path).filter(({ route }) => route !== undefined);
  if (paths.length === 0) return path.route?.reached === true;
  return routedNow(paths, seen).some(({ route }) => route.reached);
}

/** The highest step of a member path that is measured, and is not as it usually is where that is looked at. */
function worstTold(path: LocationPath, seen: Seen, rule: Rule, highest: WorstStep): WorstStep | undefined {
  const paths = seen.memberPathsOf(path).filter(({ route }) => route?.worst_step !== undefined);
  // Nobody says whose route it is.
  if (paths.length === 0) return highest;
  const routed = routedNow(paths, seen);
  const told = (rule.usualMinutes ?? 0) > 0 ? unusual(routed, seen, rule) : routed;
  return told
    .flatMap(({ route }) => route.worst_step ?? [])
    .filter(({ added_ms }) => added_ms > rule.threshold)
    .sort((a, b) => b.added_ms - a.added_ms)[0];
}

type Routed = MemberPath & { route: RouteSummary };

/** Those that are measured, with a route of a little while ago: of who is gone, or had its turn, the last one is remembered. */
function routedNow(paths: readonly MemberPath[], seen: Seen): Routed[] {
  return paths
    .filter((one): one is Routed => one.state !== 'unknown' && one.route !== undefined)
    .filter(({ source, route }) => isOfNow(route, source, seen));
}

function isOfNow({ at_ms }: RouteSummary, source: string, { nowMs, members }: Seen): boolean {
  const ageMs = nowMs - at_ms;
  if (ageMs <= routeIntervals * leastIntervalMs) return true;
  const own = members.find(({ instance_id }) => instance_id === source)?.schedule?.traceroute;
  return ageMs <= routeIntervals * (own?.interval_ms ?? unknownIntervalMs);
}

/** Those that take longer than usual; while nobody knows what is usual between these locations, all that are timed. */
function unusual(paths: readonly Routed[], seen: Seen, rule: Rule): Routed[] {
  const timed = paths
    .filter(({ checks }) => checks.some(({ window }) => window.p50_ms !== undefined))
    .map((path) => {
      const baselines = seen.baselinesOf(path.source, path.target) ?? [];
      return { path, known: nowAndUsual(path, baselines, rule.usualMinutes ?? 0) };
    });
  // Of a long link every path has its long step: one that is new, or measured by turns, is no other.
  const isKnown = timed.some(({ known }) => known !== undefined);
  return timed.flatMap(({ path, known }) => {
    if (known === undefined) return isKnown ? [] : path;
    return isAsUsual(known, rule) ? [] : path;
  });
}

function isAsUsual({ nowMs, usualMs, spreadMs }: NowAndUsual, { threshold }: Rule): boolean {
  const band = Math.max(3 * spreadMs, usualShare * usualMs, leastMs);
  return nowMs <= usualMs + Math.min(band, threshold / 2);
}
