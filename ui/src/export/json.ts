import type { GraphAnswer } from '@netring/contract/graph';
import type { Shown } from './shown.ts';

/** How many pieces {@link jsonOf} gives. */
export function jsonPieces({ services, dependencies }: Shown): number {
  return services.length + dependencies.length + 3;
}

/** The graph as `GET /topology` answers it, with what is shown of it; in pieces. */
export function* jsonOf({ graph, services, dependencies }: Shown): Generator<string> {
  const ids = new Set(services.map((one) => one.service_id));
  const rest: Omit<GraphAnswer, 'services' | 'dependencies'> = {
    now_ms: graph.atMs,
    timestamp: new Date(graph.metadata.to_ms).toISOString(),
    metadata: {
      ...graph.metadata,
      service_count: services.length,
      dependency_count: dependencies.length,
      unresolved: services.filter(({ kind }) => kind === 'unresolved').length,
    },
    positions: Object.fromEntries([...graph.positions].filter(([id]) => ids.has(id))),
    sources: graph.sources,
  };
  yield `${JSON.stringify(rest).slice(0, -1)},"services":{`;
  for (const [at, one] of services.entries())
    yield `${at === 0 ? '' : ','}\n${JSON.stringify(one.service_id)}:${JSON.stringify(one)}`;
  yield '\n},"dependencies":[';
  for (const [at, one] of dependencies.entries()) yield `${at === 0 ? '' : ','}\n${JSON.stringify(one)}`;
  yield '\n]}\n';
}
