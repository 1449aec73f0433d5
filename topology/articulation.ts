import type { Graph } from './graph.ts';

interface Visit {
  at: number;
  parent: number;
  rest: Iterator<number>;
  children: number;
}

/**
 * Services without which the graph, looked at without directions, falls apart (Hopcroft and Tarjan 1973, without
 * recursion).
 */
export function articulationPoints({ ids, callees, callers }: Graph): Set<number> {
  const neighbours = ids.map((_, at) => new Set([...(callees[at] ?? []), ...(callers[at] ?? [])]));
  const order = new Int32Array(ids.length).fill(-1);
  const low = new Int32Array(ids.length);
  const points = new Set<number>();
  let next = 0;
  const enter = (at: number, parent: number): Visit => {
    order[at] = low[at] = next++;
    return { at, parent, rest: (neighbours[at] as Set<number>).values(), children: 0 };
  };
  /** Everything below `child` has been seen: does it reach above `visit` without it? */
  const backTo = (visit: Visit, child: number): void => {
    visit.children++;
    low[visit.at] = Math.min(low[visit.at] as number, low[child] as number);
    if (visit.parent !== -1 && (low[child] as number) >= (order[visit.at] as number)) points.add(visit.at);
  };
  for (let root = 0; root < ids.length; root++) {
    if (order[root] !== -1) continue;
    const visits = [enter(root, -1)];
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { done = false, value = -1 } = visit.rest.next() as { done?: boolean; value?: number };
      if (done === true) {
        visits.pop();
        const before = visits.at(-1);
        if (before !== undefined) backTo(before, visit.at);
        else if (visit.children > 1) points.add(visit.at);
      } else if (order[value] === -1) visits.push(enter(value, visit.at));
      else if (value !== visit.parent)
        low[visit.at] = Math.min(low[visit.at] as number, order[value] as number);
    }
  }
  return points;
}
