import type { GraphService } from '@netring/contract/graph';
import type { GridPlace } from '@netring/topology';
import type { Level } from './level.ts';
import type { Box, Edge, Node } from './scene.ts';
import type { Unit } from './units.ts';

/**
 * What a screen remembers of where it drew everything, so that nothing moves while it is looked at: not by what comes, and
 * not by what goes. Changed by whoever draws. A new one is made when a person asks for another picture.
 */
export interface Still {
  /** Places in the grids of areas, of what nobody has told a place of. */
  places: Map<string, GridPlace>;
  /** The same, and of all others, on a screen that is higher than wide. */
  stacked: Map<string, GridPlace>;
  /** The boxes of areas: they only grow. */
  areas: Map<string, Box>;
  /** Machines of opened areas, in the order they stand in, and how high a column of them is. */
  hosts: Map<string, { order: string[]; columnHeight: number }>;
  /** What was drawn last: what has not changed is the same object again. */
  units: WeakMap<GraphService, { level: Level; units: Unit[] }>;
  nodes: Map<string, Node>;
  edges: ReadonlyMap<string, Edge>;
}

export function createStill(): Still {
  return {
    places: new Map(),
    stacked: new Map(),
    areas: new Map(),
    hosts: new Map(),
    units: new WeakMap(),
    nodes: new Map(),
    edges: new Map(),
  };
}
