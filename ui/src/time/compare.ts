import type { GraphDependency } from '@netring/contract/graph';
import type { DependencyChange } from '@netring/contract/topology';
import type { ServiceGraph } from '../map/graph.ts';

/** How a service or a dependency of the one graph stands to the other. */
export type Standing = 'gained' | 'lost' | 'worse' | 'better' | 'same';

export interface Comparison {
  /** By id, of everything in either graph. */
  readonly services: ReadonlyMap<string, Standing>;
  readonly dependencies: ReadonlyMap<string, Standing>;
  /** Of dependencies that are worse or better: in what. */
  readonly changes: ReadonlyMap<string, readonly DependencyChange[]>;
  /** Dependencies of the earlier graph, for what is lost and for numbers to compare with. */
  readonly before: ServiceGraph['dependencies'];
}

const healthOrder = { unknown: 0, healthy: 0, slow: 1, failing: 2 } as const;
const pathOrder = { ok: 0, degraded: 1, down: 2 } as const;
/** By so much a latency must differ: by a quarter, and by this. Milliseconds. */
const leastMs = 2;
const leastShare = 0.01;
const leastFailed = 3;

/**
 * What the later graph has and the earlier one has not, the other way round, and what does worse or better in it. A
 * dependency in which one thing is worse and another better is worse.
 */
export function compareGraphs(before: ServiceGraph, after: ServiceGraph): Comparison {
  const services = new Map<string, Standing>();
  for (const id of before.services.keys()) if (!after.services.has(id)) services.set(id, 'lost');
  for (const [id, now] of after.services) {
    const then = before.services.get(id);
    const by = then === undefined ? 0 : healthOrder[now.health] - healthOrder[then.health];
    const isKnown = then !== undefined && then.health !== 'unknown' && now.health !== 'unknown';
    services.set(id, then === undefined ? 'gained' : isKnown ? standingBy(by) : 'same');
  }
  const dependencies = new Map<string, Standing>();
  const changes = new Map<string, DependencyChange[]>();
  for (const id of before.dependencies.keys()) if (!after.dependencies.has(id)) dependencies.set(id, 'lost');
  for (const [id, now] of after.dependencies) {
    const then = before.dependencies.get(id);
    const found = then === undefined ? [] : changesOf(then, now);
    const worst = Math.max(0, ...found.map(({ by }) => by)) || Math.min(0, ...found.map(({ by }) => by));
    dependencies.set(id, then === undefined ? 'gained' : standingBy(worst));
    if (found.length > 0)
      changes.set(
        id,
        found.map(({ change }) => change),
      );
  }
  return { services, dependencies, changes, before: before.dependencies };
}

/** The later graph, with what is lost beside it. Where both know a service, the later one's word holds. */
export function unitedGraph(before: ServiceGraph, after: ServiceGraph): ServiceGraph {
  return {
    ...after,
    services: new Map([...before.services, ...after.services]),
    dependencies: new Map([...before.dependencies, ...after.dependencies]),
    positions: new Map([...before.positions, ...after.positions]),
  };
}

/** How many stand so. */
export function countsOf(standings: ReadonlyMap<string, Standing>): Record<Standing, number> {
  const counts = { gained: 0, lost: 0, worse: 0, better: 0, same: 0 };
  for (const one of standings.values()) counts[one] += 1;
  return counts;
}

function standingBy(by: number): Standing {
  return by > 0 ? 'worse' : by < 0 ? 'better' : 'same';
}

/** One change; `by` is positive where it is for the worse. */
interface Found {
  change: DependencyChange;
  by: number;
}

function changesOf(then: GraphDependency, now: GraphDependency): Found[] {
  return [
    healthChange(then, now),
    blameChange(then, now),
    pathChange(then, now),
    latencyChange(then, now),
    errorChange(then, now),
  ].filter((one) => one !== undefined);
}

function healthChange({ health: from }: GraphDependency, { health: to }: GraphDependency): Found | undefined {
  if (from === 'unknown' || to === 'unknown' || from === to) return undefined;
  return { change: { of: 'health', from, to }, by: healthOrder[to] - healthOrder[from] };
}

/** From one side to the other is for the worse, too: somebody else has trouble now. `unknown` says nothing. */
function blameChange({ blame: then }: GraphDependency, { blame: now }: GraphDependency): Found | undefined {
  const [from, to] = [then.verdict, now.verdict];
  if (from === to || from === 'unknown' || to === 'unknown') return undefined;
  const [reason] = to === 'none' ? then.reasons : now.reasons;
  const isBetter = to === 'none' || (from === 'both' && (to === 'network' || to === 'application'));
  return {
    change: { of: 'blame', from, to, ...(reason !== undefined && { reason }) },
    by: isBetter ? -1 : 1,
  };
}

function pathChange({ path: then }: GraphDependency, { path: now }: GraphDependency): Found | undefined {
  if (isUnmeasured(then) || isUnmeasured(now)) return undefined;
  const [from, to] = [then.state, now.state];
  if (from === 'unknown' || to === 'unknown' || from === to) return undefined;
  return { change: { of: 'path', from, to }, by: pathOrder[to] - pathOrder[from] };
}

function isUnmeasured({ kind }: GraphDependency['path']): boolean {
  return kind === 'local' || kind === 'none';
}

function latencyChange(then: GraphDependency, now: GraphDependency): Found | undefined {
  const [fromMs, toMs] = [then.p95_latency_ms, now.p95_latency_ms];
  if (fromMs === undefined || toMs === undefined) return undefined;
  const [less, more] = [Math.min(fromMs, toMs), Math.max(fromMs, toMs)];
  if (more < less * 1.25 || more - less < leastMs) return undefined;
  return { change: { of: 'latency', from_ms: fromMs, to_ms: toMs }, by: toMs - fromMs };
}

function errorChange(then: GraphDependency, now: GraphDependency): Found | undefined {
  const [from, to] = [failuresOf(then), failuresOf(now)];
  if (from === undefined || to === undefined) return undefined;
  const more = to.share > from.share ? to : from;
  if (Math.abs(to.share - from.share) < leastShare || more.failed < leastFailed) return undefined;
  return {
    change: { of: 'errors', from_share: from.share, to_share: to.share },
    by: to.share - from.share,
  };
}

function failuresOf(one: GraphDependency): { failed: number; share: number } | undefined {
  const failed = one.server_errors + one.transport_failures;
  const requests = Math.max(failed, one.request_count);
  return requests === 0 ? undefined : { failed, share: failed / requests };
}
