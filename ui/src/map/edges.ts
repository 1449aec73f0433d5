import type { GraphDependency } from '@netring/contract/graph';
import { boundsOf, curveOf } from './curve.ts';
import type { Edge, Node } from './scene.ts';
import type { Still } from './still.ts';
import { dependencyTone, pathTone, worst } from './trouble.ts';
import type { Draft } from './units.ts';

interface Group {
  from: Node;
  to: Node;
  dependencies: GraphDependency[];
}

/** Draws drafts between cards that are there. What is as it was before is the same object again. */
export function edgesOf(
  drafts: readonly Draft[],
  nodeOf: ReadonlyMap<string, Node>,
  still: Still,
): ReadonlyMap<string, Edge> {
  const edges = new Map<string, Edge>();
  const groups = new Map<string, Group>();
  for (const { from: source, to: target, dependency } of drafts) {
    const [from, to] = [nodeOf.get(source), nodeOf.get(target)];
    if (from === undefined || to === undefined) continue;
    const key = keyOf(from, to, dependency);
    const before = still.edges.get(key);
    if (before !== undefined && isSame(before, from, to, dependency)) edges.set(key, before);
    else addTo(groups, key, from, to, dependency);
  }
  const laneOf = lanes(still.edges);
  for (const [id, group] of groups) {
    const before = still.edges.get(id);
    edges.set(id, edgeOf(id, group, before?.lane ?? laneOf(group), before));
  }
  still.edges = edges;
  return edges;
}

function isSame(before: Edge, from: Node, to: Node, dependency: GraphDependency): boolean {
  const { dependencies } = before;
  return (
    before.from === from && before.to === to && dependencies.length === 1 && dependencies[0] === dependency
  );
}

function addTo(groups: Map<string, Group>, key: string, from: Node, to: Node, one: GraphDependency): void {
  const known = groups.get(key);
  if (known === undefined) groups.set(key, { from, to, dependencies: [one] });
  else known.dependencies.push(one);
}

/** The next free lane between two: those that are there keep theirs. */
function lanes(before: ReadonlyMap<string, Edge>): (of: { from: Node; to: Node }) => number {
  const pairOf = ({ from, to }: { from: Node; to: Node }): string =>
    from.id < to.id ? `${from.id}\n${to.id}` : `${to.id}\n${from.id}`;
  let next: Map<string, number> | undefined;
  return (of) => {
    if (next === undefined) {
      next = new Map();
      for (const edge of before.values())
        next.set(pairOf(edge), Math.max(edge.lane + 1, next.get(pairOf(edge)) ?? 0));
    }
    const pair = pairOf(of);
    const lane = next.get(pair) ?? 0;
    next.set(pair, lane + 1);
    return lane;
  };
}

/** What a folded end has to do with somebody is one line. */
function keyOf(from: Node, to: Node, { id, source_service, target_service }: GraphDependency): string {
  if (from.folded !== undefined || to.folded !== undefined) return `${from.id}\n${to.id}`;
  return from.id === source_service && to.id === target_service ? id : `${id}\n${from.id}\n${to.id}`;
}

function edgeOf(id: string, { from, to, dependencies }: Group, lane: number, before: Edge | undefined): Edge {
  const isThere = before !== undefined && stands(before.from, from) && stands(before.to, to);
  const paths = dependencies.flatMap((one) => pathTone(one) ?? []);
  const verdict = dependencies
    .map(({ blame }) => blame.verdict)
    .find((one) => one !== 'none' && one !== 'unknown');
  const active = dependencies.some(({ activity }) => activity === 'active');
  const quiet = dependencies.some(({ activity }) => activity === 'quiet');
  const rate = dependencies.reduce((sum, one) => sum + one.requests_per_second, 0);
  const curve = isThere ? before.curve : curveOf({ from, to, lane });
  return {
    id,
    from,
    to,
    lane,
    dependencies,
    tone: worst(dependencies.map(dependencyTone)),
    path: paths.length === 0 ? undefined : worst(paths),
    blame: verdict,
    line: active ? 'full' : quiet ? 'dashed' : 'ghost',
    width: Math.min(5, 1.2 + Math.log10(1 + rate * 10)),
    curve,
    bounds: isThere ? before.bounds : boundsOf(curve),
  };
}

function stands(before: Node, now: Node): boolean {
  return before.x === now.x && before.y === now.y && before.width === now.width;
}
