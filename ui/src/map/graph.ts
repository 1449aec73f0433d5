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

/** The graph after what changed; one that is older than the graph changes nothing. */
export function withGraphChange(graph: ServiceGraph, change: GraphChanged): ServiceGraph {
  if (change.now_ms < graph.atMs) return graph;
  const services = new Map(graph.services);
  for (const id of change.removed_services) services.delete(id);
  for (const one of change.services) services.set(one.service_id, one);
  const dependencies = new Map(graph.dependencies);
  for (const id of change.removed_dependencies) dependencies.delete(id);
  for (const one of change.dependencies) dependencies.set(one.id, one);
  const positions =
    change.positions === undefined
      ? graph.positions
      : new Map([...graph.positions, ...Object.entries(change.positions)]);
  return { ...graph, atMs: change.now_ms, services, dependencies, positions, metadata: change.metadata };
}
