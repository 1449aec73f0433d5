import type { TopologyMap } from './topology-map.ts';

/** A map by numbers: services in the order of `ids`, calls of a service to itself left out. */
export interface Graph {
  ids: string[];
  callees: Set<number>[];
  callers: Set<number>[];
  /** Dependencies in either direction, one for each protocol. */
  degrees: number[];
  selfCallers: Set<number>;
}

export function graphOf(map: TopologyMap): Graph {
  const ids = Object.keys(map.services);
  const index = new Map(ids.map((id, at) => [id, at]));
  const graph: Graph = {
    ids,
    callees: ids.map(() => new Set<number>()),
    callers: ids.map(() => new Set<number>()),
    degrees: ids.map(() => 0),
    selfCallers: new Set(),
  };
  for (const { source_service, target_service } of map.dependencies) {
    const source = index.get(source_service);
    const target = index.get(target_service);
    if (source === undefined || target === undefined) continue;
    for (const at of new Set([source, target])) graph.degrees[at] = (graph.degrees[at] as number) + 1;
    if (source === target) {
      graph.selfCallers.add(source);
      continue;
    }
    graph.callees[source]?.add(target);
    graph.callers[target]?.add(source);
  }
  return graph;
}
