import type { AlertSubject } from '@netring/contract/alert';
import type { BlameView, GraphDependency } from '@netring/contract/graph';
import { figure, finding, percent, type Finding } from './finding.ts';
import type { Rules } from './rules.ts';
import type { SeenEdge } from './seen.ts';

/** So many are told at once, the busiest first: an incident counts all that cross it anyway. */
const mostTold = 200;
/** Fewer failures are chance, unless nothing else was asked. */
const leastFailures = 3;
/** What moves only the slowest requests is told when one in twenty takes so many times the usual median. */
const tailTimes = 3;
const leastMs = 2;

/** What is wrong with dependencies: much slower than usual by a verdict that has settled, or failing. */
export function dependencyFindings(edges: readonly SeenEdge[], rules: Rules): Finding[] {
  const [slow, failing] = [rules.get('dependency_slow'), rules.get('dependency_failing')];
  if (slow === undefined && failing === undefined) return [];
  const bad = edges.filter(
    ({ view, facts }) =>
      isOurs(facts) &&
      ((failing !== undefined && isFailing(view, failing.threshold)) ||
        (slow !== undefined && slownessOf(view, slow.threshold) !== undefined)),
  );
  return bad
    .sort((a, b) => b.view.request_count - a.view.request_count || (a.view.id < b.view.id ? -1 : 1))
    .slice(0, mostTold)
    .flatMap((edge) => [
      ...(failing === undefined ? [] : failingFindings(edge, failing.threshold)),
      ...(slow === undefined ? [] : slowFindings(edge, slow.threshold)),
    ]);
}

/** What passes between two strangers is nobody's here to mend. */
function isOurs({ source, target }: SeenEdge['facts']): boolean {
  return source.kind === 'service' || target.kind === 'service';
}

/** Whether requests are not answered, or with 5xx, as often as `share` says (0–1), and that is not over. */
export function isFailing(view: GraphDependency, share: number): boolean {
  if (view.trouble_over_ms !== undefined) return false;
  const failed = failedOf(view);
  const isEnough = failed >= leastFailures || (failed > 0 && failed >= view.request_count);
  return isEnough && failed >= share * view.request_count;
}

/**
 * How slow it is, and from when on that is too slow: the verdict says that something is above what is usual, and the
 * median is by `share`, or the slowest requests are by far. `undefined`: not slow, or nobody knows.
 */
export function slownessOf(view: GraphDependency, share: number): { ms?: number; most?: number } | undefined {
  const { blame, path, p95_latency_ms: p95 } = view;
  const { verdict, shares, usual } = blame;
  if (verdict === 'none' || verdict === 'unknown') return undefined;
  if (shares === undefined || usual === undefined) {
    // Nobody timed a request: round trips alone are told where the path under it is in trouble, too.
    const isBorneOut = verdict !== 'network' || path.state === 'degraded' || path.state === 'down';
    return isBorneOut ? {} : undefined;
  }
  const most = Math.round(100 * (usual.total_ms + Math.max(share * usual.total_ms, leastMs))) / 100;
  if (shares.total_ms > most) return { ms: shares.total_ms, most };
  const tail = Math.max(tailTimes * usual.total_ms, most);
  return p95 !== undefined && p95 > tail ? { ms: p95, most: tail } : undefined;
}

function slowFindings(edge: SeenEdge, share: number): Finding[] {
  const slow = slownessOf(edge.view, share);
  if (slow === undefined) return [];
  const { blame } = edge.view;
  return [
    finding({
      rule: 'dependency_slow',
      subject: subjectOf(edge),
      summary: `${callOf(edge)} is slow: ${blame.reasons[0] ?? blame.verdict}`,
      blame: blame.verdict,
      ...(slow.ms === undefined ? {} : { value: slow.ms, threshold: slow.most }),
    }),
  ];
}

function failingFindings(edge: SeenEdge, share: number): Finding[] {
  const { view } = edge;
  if (!isFailing(view, share)) return [];
  const failed = failedOf(view);
  const value = failed / view.request_count;
  const counts = `${figure(failed)} of ${figure(view.request_count)} requests failed within a minute (${percent(value)})`;
  return [
    finding({
      rule: 'dependency_failing',
      subject: subjectOf(edge),
      summary: `${callOf(edge)} fails: ${counts}; ${whyOf(view.blame)}`,
      blame: view.blame.verdict,
      value,
      threshold: share,
    }),
  ];
}

function whyOf({ verdict, reasons }: BlameView): string {
  const [first = ''] = reasons;
  if (verdict === 'none') return 'nobody is to blame yet';
  return verdict === 'unknown' ? `whether it is the network is not known: ${first}` : first;
}

function failedOf({ server_errors, transport_failures }: GraphDependency): number {
  return server_errors + transport_failures;
}

/** With the members whose path lies under it, and the hop that the verdict names. */
function subjectOf({ view, facts }: SeenEdge): AlertSubject {
  const { path, blame } = view;
  const hop = path.worst_step;
  // The verdict names a hop in its reasons; it counts as the cause where it is the path's worst step.
  const isNamed = hop !== undefined && blame.reasons.some((one) => one.includes(`(${hop.ip})`));
  return {
    dependency: view.id,
    source_service: view.source_service,
    target_service: view.target_service,
    protocol: view.protocol,
    ...(facts.source.location !== undefined && { source_location: facts.source.location }),
    ...(facts.target.location !== undefined && { target_location: facts.target.location }),
    ...(path.kind === 'member' && { source: path.source, target: path.target }),
    ...(isNamed && { hop_ip: hop.ip }),
  };
}

/** `orders → payments`, with their locations where these differ. */
function callOf({ facts: { source, target } }: SeenEdge): string {
  const isNear = source.location === target.location;
  const name = (end: typeof source) =>
    isNear || end.location === undefined ? end.name : `${end.name} (${end.location})`;
  return `${name(source)} → ${name(target)}`;
}
