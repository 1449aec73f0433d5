import type { GraphDependency, GraphService, Position } from '@netring/contract/graph';
import { areasOf, type Area } from './areas.ts';
import type { Curve } from './curve.ts';
import { edgesOf } from './edges.ts';
import { foldOutside } from './fold.ts';
import type { Level } from './level.ts';
import { nodesIn } from './nodes.ts';
import { placesOf } from './places.ts';
import { createStill, type Still } from './still.ts';
import { stackedPlaces } from './stacked.ts';
import type { Tone } from './trouble.ts';
import { createUnits } from './units.ts';

export type { Area };

/** What is drawn, in a world of its own: the canvas looks at it through a {@link View}. Lengths are world pixels. */
export interface Scene {
  width: number;
  height: number;
  /** Locations under each other, for a screen that is higher than wide. */
  isTall: boolean;
  areas: readonly Area[];
  hosts: readonly HostBox[];
  nodes: readonly Node[];
  edges: readonly Edge[];
  nodeOf: ReadonlyMap<string, Node>;
  edgeOf: ReadonlyMap<string, Edge>;
  /** Between which cards a dependency may run. */
  edgesOf: (dependency: string) => readonly Edge[];
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A machine in a location that is opened. */
export interface HostBox extends Box {
  key: string;
  title: string;
  detail: string;
}

/** A card: a service, what of it is on one machine, or many outside in one. */
export interface Node extends Box {
  id: string;
  /** Id of the service; of what is folded, its own id. */
  service: string;
  area: string;
  /** The machine it is on, in a location that is opened; empty where nobody knows. */
  host?: string;
  name: string;
  detail: string;
  tone: Tone;
  faded: boolean;
  outside: boolean;
  /** How many services are folded into it. */
  folded?: number;
  /** Its place in the grid of its area; absent in a location that is opened. */
  place?: { x: number; y: number };
}

export interface Edge {
  id: string;
  from: Node;
  to: Node;
  /** The how many-th between its two ends: they run beside each other. */
  lane: number;
  /** What it stands for: several when an end is folded. */
  dependencies: readonly GraphDependency[];
  tone: Tone;
  /** Of the measured path under it. */
  path: Tone | undefined;
  /** `network`, `application` or `both`, where something is blamed; other words where it is marked. */
  blame: string | undefined;
  /** Its words tell something else than blame, and are all that is told of it. */
  isMarked?: boolean;
  line: 'full' | 'dashed' | 'ghost';
  width: number;
  curve: Curve;
  /** What the curve stays within. */
  bounds: Box;
}

/** How the graph is to be laid over the locations. */
export interface How {
  /** How far a location is opened. */
  levelOf: (location: string) => Level;
  /** Whether everything outside stands for itself. */
  unfolded: boolean;
  /** Only a part is shown: told places would leave it full of holes. */
  isPart: boolean;
  /** For a screen that is higher than wide: told places are of wide ones. */
  isTall: boolean;
  still: Still;
}

/**
 * Locations in rows, outside callers left of them and what is called outside on the right. Places that are not told are
 * found here. Remembers in `still` where everything went.
 */
export function sceneOf(
  services: readonly GraphService[],
  dependencies: readonly GraphDependency[],
  positions: ReadonlyMap<string, Position>,
  how: Partial<How> = {},
): Scene {
  const { levelOf = () => 'services', unfolded = false, isPart = false, isTall = false } = how;
  const { still = createStill() } = how;
  const fold = foldOutside(services, dependencies, unfolded);
  const units = createUnits(fold, levelOf, still);
  const drafts = dependencies.flatMap((one) => units.endsOf(one));
  const wide = placesOf(units.all(), drafts, positions, { still, isPart, folded: fold.areas });
  const places = isTall ? stackedPlaces(units.all(), wide, still) : wide;
  const areas = areasOf(units.all(), places, positions, { still, levelOf, isTall });
  const { nodes, hosts } = nodesIn(areas, units.all(), places, still);
  const nodeOf = new Map(nodes.map((one) => [one.id, one]));
  const edgeOf = edgesOf(drafts, nodeOf, still);
  const edges = [...edgeOf.values()];
  return {
    width: Math.max(1, ...areas.map((one) => one.x + one.width)),
    height: Math.max(1, ...areas.map((one) => one.y + one.height)),
    isTall,
    areas,
    hosts,
    nodes,
    edges,
    nodeOf,
    edgeOf,
    edgesOf: byDependency(edges, edgeOf),
  };
}

/** Most edges bear the id of their dependency; the others are looked up by it. */
function byDependency(edges: readonly Edge[], edgeOf: ReadonlyMap<string, Edge>): Scene['edgesOf'] {
  const others = new Map<string, Edge[]>();
  for (const edge of edges)
    for (const { id } of edge.dependencies) {
      if (id === edge.id) continue;
      const known = others.get(id);
      if (known === undefined) others.set(id, [edge]);
      else known.push(edge);
    }
  return (id) => {
    const plain = edgeOf.get(id);
    return plain === undefined ? (others.get(id) ?? []) : [plain];
  };
}
