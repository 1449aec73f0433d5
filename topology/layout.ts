import { componentsOf } from './components.ts';
import type { Graph } from './graph.ts';

/** A node to be placed: in its area (a location), among those that call it and that it calls. */
export interface LayoutNode {
  id: string;
  area: string;
}

/** A place in the grid of an area: column and row, from 0. */
export interface GridPlace {
  x: number;
  y: number;
}

const mostRows = 12;

/**
 * Places nodes in the grids of their areas, callers left of callees as far as cycles allow: columns are the longest ways
 * through the condensed graph, rows follow the neighbours (barycentre method: Sugiyama, Tagawa, Toda, IEEE SMC 1981).
 * What has a place in `kept` stays there, whatever comes and goes; new ones take the free place next to their neighbours.
 * The same input always gives the same places.
 */
export function layOut(
  nodes: readonly LayoutNode[],
  edges: readonly { source: string; target: string }[],
  kept: ReadonlyMap<string, GridPlace> = new Map(),
): Map<string, GridPlace> {
  const places = new Map<string, GridPlace>();
  const taken = new Map<string, Set<string>>();
  const areaOf = new Map(nodes.map(({ id, area }) => [id, area]));
  const put = (id: string, place: GridPlace): void => {
    places.set(id, place);
    const area = areaOf.get(id) as string;
    const of = taken.get(area) ?? new Set<string>();
    taken.set(area, of.add(`${place.x} ${place.y}`));
  };
  for (const { id, area } of nodes) {
    const before = kept.get(id);
    if (before !== undefined && !taken.get(area)?.has(`${before.x} ${before.y}`)) put(id, before);
  }
  const known = edges.filter(({ source, target }) => areaOf.has(source) && areaOf.has(target));
  const columns = columnsOf(nodes, ranksOf(nodes, known));
  const near = neighboursOf(known);
  const waiting = nodes.filter(({ id }) => !places.has(id));
  waiting.sort(
    (a, b) => (columns.get(a.id) as number) - (columns.get(b.id) as number) || (a.id < b.id ? -1 : 1),
  );
  for (const { id, area } of waiting) {
    const wanted = { x: columns.get(id) as number, y: meanRow(near.get(id) ?? [], places) };
    put(id, freePlace(taken.get(area) ?? new Set(), wanted));
  }
  return places;
}

/** The longest way to each node through the graph with its cycles condensed. */
function ranksOf(
  nodes: readonly LayoutNode[],
  edges: readonly { source: string; target: string }[],
): Map<string, number> {
  const graph = graphOf(nodes, edges);
  const groups = componentsOf(graph);
  const groupOf = new Int32Array(graph.ids.length);
  groups.forEach((group, at) => group.forEach((one) => (groupOf[one] = at)));
  const rank = new Int32Array(groups.length);
  // Callers come after callees in the list: from the end, every group meets its callers done.
  for (let at = groups.length - 1; at >= 0; at--) {
    for (const one of groups[at] as number[]) {
      for (const callee of graph.callees[one] as Set<number>) {
        const to = groupOf[callee] as number;
        if (to !== at) rank[to] = Math.max(rank[to] as number, (rank[at] as number) + 1);
      }
    }
  }
  return new Map(graph.ids.map((id, at) => [id, rank[groupOf[at] as number] as number]));
}

function graphOf(
  nodes: readonly LayoutNode[],
  edges: readonly { source: string; target: string }[],
): Pick<Graph, 'ids' | 'callees'> {
  const ids = nodes.map(({ id }) => id).sort();
  const at = new Map(ids.map((id, index) => [id, index]));
  const callees = ids.map(() => new Set<number>());
  for (const { source, target } of edges)
    if (source !== target) callees[at.get(source) as number]?.add(at.get(target) as number);
  return { ids, callees };
}

/** Ranks as columns of each area: empty ones left out, full ones continued in the next. */
function columnsOf(nodes: readonly LayoutNode[], ranks: ReadonlyMap<string, number>): Map<string, number> {
  const areas = new Map<string, Map<number, string[]>>();
  for (const { id, area } of nodes) {
    const ofArea = areas.get(area) ?? new Map<number, string[]>();
    const rank = ranks.get(id) ?? 0;
    areas.set(area, ofArea.set(rank, [...(ofArea.get(rank) ?? []), id]));
  }
  const columns = new Map<string, number>();
  for (const ofArea of areas.values()) {
    let column = 0;
    for (const [, ids] of [...ofArea].sort(([a], [b]) => a - b)) {
      ids.sort();
      ids.forEach((id, at) => columns.set(id, column + Math.floor(at / mostRows)));
      column += Math.ceil(ids.length / mostRows);
    }
  }
  return columns;
}

function neighboursOf(edges: readonly { source: string; target: string }[]): Map<string, string[]> {
  const near = new Map<string, string[]>();
  const add = (id: string, other: string): void => {
    const known = near.get(id);
    if (known === undefined) near.set(id, [other]);
    else known.push(other);
  };
  for (const { source, target } of edges) {
    add(source, target);
    add(target, source);
  }
  return near;
}

function meanRow(ids: readonly string[], places: ReadonlyMap<string, GridPlace>): number {
  const rows = ids.flatMap((id) => places.get(id)?.y ?? []);
  return rows.length === 0 ? 0 : Math.round(rows.reduce((sum, row) => sum + row, 0) / rows.length);
}

/** The free place nearest to the one wanted: in its column first, then in the columns after it. */
function freePlace(taken: ReadonlySet<string>, wanted: GridPlace): GridPlace {
  for (let x = wanted.x; ; x++) {
    for (let away = 0; away < mostRows; away++) {
      for (const y of away === 0 ? [wanted.y] : [wanted.y + away, wanted.y - away])
        if (y >= 0 && y < mostRows && !taken.has(`${x} ${y}`)) return { x, y };
    }
  }
}
