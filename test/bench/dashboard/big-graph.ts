import type { GraphAnswer, GraphDependency, GraphService, Position } from '@netring/contract/graph';
import { dependency, graphOf, service } from '../../browser/scripted-graph.ts';

const locations = 10;
const rows = 12;

/** So many services over ten locations, five dependencies each, laid out as the registry does: in columns of twelve. */
export function bigGraph(services: number): GraphAnswer {
  const all = Array.from({ length: services }, (_, at) => serviceAt(at));
  const dependencies = Array.from({ length: 5 * services }, (_, at) => dependencyAt(at, services, 0));
  return {
    ...graphOf(all, dependencies),
    positions: Object.fromEntries(all.map((one, at) => [one.service_id, positionAt(at)])),
  };
}

export function serviceAt(at: number): GraphService {
  return service(`site${at % locations}/service-${at}`, {
    service_type: ['microservice', 'database', 'cache', 'web_server'][at % 4] as string,
  });
}

export function positionAt(at: number): Position {
  const place = Math.floor(at / locations);
  return { x: Math.floor(place / rows), y: place % rows };
}

/** The dependency `at` as it is in a round: its numbers differ, and now and then its health. */
export function dependencyAt(at: number, services: number, round: number): GraphDependency {
  const source = at % services;
  const target = (source + 1 + Math.floor(at / services) * 37) % services;
  const mixed = (at * 7919 + round * 104_729) % 997;
  const health = mixed < 10 ? 'failing' : mixed < 40 ? 'slow' : 'healthy';
  return dependency(serviceAt(source).service_id, serviceAt(target).service_id, {
    id: `d${at}`,
    health,
    requests_per_second: mixed,
    request_count: 60 * mixed,
    p95_latency_ms: 5 + (mixed % 200),
    ...(mixed < 10 && { blame: { verdict: 'network', reasons: ['it loses 4 %'] } }),
  });
}
