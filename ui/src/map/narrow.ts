import type { GraphDependency, GraphService } from '@netring/contract/graph';
import type { ServiceGraph } from './graph.ts';
import { hasErrors, isTroubled } from './trouble.ts';

/** What of the graph is shown. */
export interface Narrowing {
  only: 'all' | 'problems' | 'errors';
  /** Part of a name, or of an address. */
  find: string;
  /** A service, with so many steps up and down around it. */
  focus?: { service: string; steps: number };
}

export const everything: Narrowing = { only: 'all', find: '' };

export function isEverything({ only, find, focus }: Narrowing): boolean {
  return only === 'all' && find.trim() === '' && focus === undefined;
}

/** The services and dependencies that a narrowing leaves. */
export function narrowed(
  graph: ServiceGraph,
  narrowing: Narrowing,
): { services: GraphService[]; dependencies: GraphDependency[] } {
  const { only, find, focus } = narrowing;
  const isWhole = ({ source_service: source, target_service: target }: GraphDependency): boolean =>
    graph.services.has(source) && graph.services.has(target);
  if (isEverything(narrowing))
    return {
      services: [...graph.services.values()],
      dependencies: [...graph.dependencies.values()].filter(isWhole),
    };
  const near = focus === undefined ? undefined : around(graph, focus.service, focus.steps);
  const wanted = find.trim().toLowerCase();
  const isFound = (id: string): boolean => {
    const one = graph.services.get(id);
    return one !== undefined && textOf(one).includes(wanted);
  };
  const dependencies = [...graph.dependencies.values()].filter((one) => {
    const { source_service: source, target_service: target } = one;
    if (!isWhole(one)) return false;
    if (near !== undefined && !(near.has(source) && near.has(target))) return false;
    if (only === 'problems' && !isTroubled(one)) return false;
    if (only === 'errors' && !hasErrors(one)) return false;
    return wanted === '' || isFound(source) || isFound(target);
  });
  const ends = new Set(dependencies.flatMap((one) => [one.source_service, one.target_service]));
  const services = [...graph.services.values()].filter(({ service_id: id }) => {
    if (ends.has(id)) return true;
    if (near !== undefined && !near.has(id)) return false;
    return only === 'all' && (wanted === '' || isFound(id));
  });
  return { services, dependencies };
}

/** A service, whoever calls it and whom it calls, and theirs, so many steps in each direction. */
function around(graph: ServiceGraph, service: string, steps: number): Set<string> {
  const near = new Set([service]);
  for (const [from, to] of [
    ['source_service', 'target_service'],
    ['target_service', 'source_service'],
  ] as const) {
    let edge = new Set([service]);
    for (let step = 0; step < steps; step++) {
      const next = new Set<string>();
      for (const one of graph.dependencies.values()) if (edge.has(one[from])) next.add(one[to]);
      for (const id of next) near.add(id);
      edge = next;
    }
  }
  return near;
}

function textOf(one: GraphService): string {
  const addresses = one.endpoints.map(({ host, port }) => `${host}:${port}`);
  return [one.service_name, one.location ?? '', one.service_type, ...addresses].join(' ').toLowerCase();
}
