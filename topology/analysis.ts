import { graphOf, type Graph } from './graph.ts';
import { articulationPoints } from './articulation.ts';
import { componentsOf, dependentsOf } from './components.ts';
import type { TopologyMap } from './topology-map.ts';

/** What a service means to the others. */
export interface ServiceRole {
  service_id: string;
  /** Dependencies in either direction. */
  degree: number;
  /** Services that call it, and that it calls. */
  fan_in: number;
  fan_out: number;
  /** Services that reach it by calling, over others too: what stands still when it does. */
  transitive_dependents: number;
  /** Whether the graph falls apart without it. */
  articulation_point: boolean;
}

export interface GraphAnalysis {
  /** Of every service; most transitive dependents first. */
  roles: ServiceRole[];
  /** Services without which others lose each other, and that somebody depends on. */
  single_points_of_failure: string[];
  /** Services that call and that nobody calls. */
  entry_points: string[];
  /** Services that are called and call nobody. */
  leaves: string[];
  /** Groups of services that call each other in a circle, and services that call themselves. */
  cycles: string[][];
}

/** Who depends on whom, over any number of calls. */
export function analyzeGraph(map: TopologyMap): GraphAnalysis {
  const graph = graphOf(map);
  const components = componentsOf(graph);
  const dependents = dependentsOf(graph, components);
  const articulation = articulationPoints(graph);
  const roles = graph.ids.map((service_id, at): ServiceRole => {
    const fan_in = graph.callers[at]?.size ?? 0;
    const fan_out = graph.callees[at]?.size ?? 0;
    return {
      service_id,
      degree: graph.degrees[at] ?? 0,
      fan_in,
      fan_out,
      transitive_dependents: dependents[at] ?? 0,
      articulation_point: articulation.has(at),
    };
  });
  roles.sort((a, b) => b.transitive_dependents - a.transitive_dependents || b.degree - a.degree);
  const idsOf = (wanted: (role: ServiceRole) => boolean): string[] =>
    roles.filter(wanted).map((role) => role.service_id);
  return {
    roles,
    single_points_of_failure: idsOf((role) => role.articulation_point && role.fan_in > 0),
    entry_points: idsOf((role) => role.fan_in === 0 && role.fan_out > 0),
    leaves: idsOf((role) => role.fan_out === 0 && role.fan_in > 0),
    cycles: cyclesOf(graph, components),
  };
}

function cyclesOf(graph: Graph, components: number[][]): string[][] {
  return components
    .filter((one) => one.length > 1 || graph.selfCallers.has(one[0] as number))
    .map((one) => one.map((at) => graph.ids[at] as string).sort());
}
