import type {
  GraphAnswer,
  GraphChanged,
  GraphDependency,
  GraphService,
  Position,
} from '@netring/contract/graph';

/** The service graph as the dashboard knows it. Never changed in place. Times are epoch milliseconds. */
export interface ServiceGraph {
  readonly atMs: number;
  readonly services: ReadonlyMap<string, GraphService>;
  readonly dependencies: ReadonlyMap<string, GraphDependency>;
  readonly positions: ReadonlyMap<string, Position>;
  readonly metadata: GraphAnswer['metadata'];
  readonly sources: GraphAnswer['sources'];
}

export function graphFrom(answer: GraphAnswer): ServiceGraph {
  return {
    atMs: answer.now_ms,
    services: new Map(Object.entries(answer.services)),
    dependencies: new Map(answer.dependencies.map((one) => [one.id, one])),
    positions: new Map(Object.entries(answer.positions)),
    metadata: answer.metadata,
    sources: answer.sources,
  };
}

/** The graph after what changed, in this order; a change that is older than the graph changes nothing. */
export function withGraphChanges(graph: ServiceGraph, changes: readonly GraphChanged[]): ServiceGraph {
  const news: GraphChanged[] = [];
  let atMs = graph.atMs;
  for (const one of changes) {
    if (one.now_ms < atMs) continue;
    news.push(one);
    atMs = one.now_ms;
  }
  const last = news.at(-1);
  if (last === undefined) return graph;
  const [services, dependencies] = [new Map(graph.services), new Map(graph.dependencies)];
  for (const change of news) {
    for (const id of change.removed_services) services.delete(id);
    for (const one of change.services) services.set(one.service_id, one);
    for (const id of change.removed_dependencies) dependencies.delete(id);
    for (const one of change.dependencies) dependencies.set(one.id, one);
  }
  const moved = news.flatMap(({ positions }) => (positions === undefined ? [] : Object.entries(positions)));
  const positions = moved.length === 0 ? graph.positions : new Map([...graph.positions, ...moved]);
  return { ...graph, atMs, services, dependencies, positions, metadata: last.metadata };
}

export function withGraphChange(graph: ServiceGraph, change: GraphChanged): ServiceGraph {
  return withGraphChanges(graph, [change]);
}
