import type { GraphAnswer, GraphDependency } from '@netring/contract/graph';
import type { ServiceAnswer } from '@netring/contract/topology';
import { analyzeGraph } from '@netring/topology';
import { mapOf } from '../traffic/index.ts';

/** A service of a graph and its dependencies; `undefined` when there is none, or several of that name. */
export function serviceOf(
  graph: GraphAnswer,
  idOrName: string,
  direction: 'inbound' | 'outbound' | undefined,
): ServiceAnswer | undefined {
  const service = Object.hasOwn(graph.services, idOrName)
    ? graph.services[idOrName]
    : theOnly(Object.values(graph.services).filter((one) => one.service_name === idOrName));
  if (service === undefined) return undefined;
  const id = service.service_id;
  const inbound = graph.dependencies.filter((one) => one.target_service === id);
  const outbound = graph.dependencies.filter((one) => one.source_service === id);
  const role = analyzeGraph(mapOf(graph)).roles.find((one) => one.service_id === id);
  const shown = [
    ...(direction === 'outbound' ? [] : inbound.map((one) => seenFrom(one, 'inbound'))),
    ...(direction === 'inbound' ? [] : outbound.map((one) => seenFrom(one, 'outbound'))),
  ];
  return {
    now_ms: graph.now_ms,
    from_ms: graph.metadata.from_ms,
    to_ms: graph.metadata.to_ms,
    service,
    dependencies: shown.sort((a, b) => b.request_count - a.request_count),
    total: { inbound: totalOf(inbound), outbound: totalOf(outbound) },
    transitive_dependents: role?.transitive_dependents ?? 0,
    articulation_point: role?.articulation_point ?? false,
  };
}

function theOnly<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}

function seenFrom(one: GraphDependency, direction: 'inbound' | 'outbound'): GraphDependency {
  return { ...one, direction: one.direction === 'bidirectional' ? 'bidirectional' : direction };
}

function totalOf(all: readonly GraphDependency[]): ServiceAnswer['total']['inbound'] {
  const sum = (of: (one: GraphDependency) => number): number =>
    all.reduce((total, one) => total + of(one), 0);
  return {
    requests: sum((one) => one.request_count),
    requests_per_second: Math.round(sum((one) => one.requests_per_second) * 1000) / 1000,
    errors: sum((one) => one.error_count),
  };
}
