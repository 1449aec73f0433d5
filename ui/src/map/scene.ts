import type { GraphDependency, GraphService, Position } from '@netring/contract/graph';
import { layOut } from '@netring/topology';
import { figureWords } from './words.ts';
import { dependencyTone, pathTone, serviceTone, type Tone } from './trouble.ts';

/** What is drawn, in a world of its own: the canvas looks at it through a {@link View}. Lengths are world pixels. */
export interface Scene {
  width: number;
  height: number;
  areas: Area[];
  nodes: Node[];
  edges: Edge[];
  nodeOf: ReadonlyMap<string, Node>;
  edgeOf: ReadonlyMap<string, Edge>;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A location, or what lies outside of all. */
export interface Area extends Box {
  key: string;
  title: string;
  outside: boolean;
}

export interface Node extends Box {
  id: string;
  name: string;
  type: string;
  tone: Tone;
  faded: boolean;
  outside: boolean;
}

export interface Edge {
  id: string;
  from: Node;
  to: Node;
  tone: Tone;
  /** Of the measured path under it. */
  path: Tone | undefined;
  /** `network`, `application` or `both`, where something is blamed. */
  blame: string | undefined;
  /** Rate, latency and errors in short. */
  figures: string;
  line: 'full' | 'dashed' | 'ghost';
  width: number;
}

const cell = { width: 190, height: 62 };
const card = { width: 156, height: 40 };
const padding = { side: 20, top: 44, bottom: 16 };
const gap = 56;
/** Of the areas in a row to the rows: a screen is wider than high, but so are areas. */
const screenRatio = 0.7;

const origin = { x: 0, y: 0 };
const callers = { key: 'outside: callers', title: 'From outside' };
const called = { key: 'outside: called', title: 'Outside' };

/** Locations in rows, outside callers left of them and what is called outside on the right. Places that are not told are found here. */
export function sceneOf(
  services: readonly GraphService[],
  dependencies: readonly GraphDependency[],
  positions: ReadonlyMap<string, Position>,
): Scene {
  const areaOf = (one: GraphService): string => one.location ?? (one.fan_in > 0 ? called.key : callers.key);
  const ordered = [...services].sort((a, b) => (a.service_id < b.service_id ? -1 : 1));
  const placed = ordered.map((one) => ({ id: one.service_id, area: areaOf(one) }));
  const places = haveTheirOwn(placed, positions)
    ? positions
    : layOut(
        placed,
        dependencies.map((one) => ({ source: one.source_service, target: one.target_service })),
        positions,
      );
  const byArea = new Map<string, GraphService[]>();
  for (const one of ordered) {
    const inside = byArea.get(areaOf(one));
    if (inside === undefined) byArea.set(areaOf(one), [one]);
    else inside.push(one);
  }
  const areas: Area[] = [];
  const nodes: Node[] = [];
  const place = (key: string, left: number, top: number): Area => {
    const inside = byArea.get(key) ?? [];
    const area = areaAt(key, left, top, inside, places);
    areas.push(area);
    for (const one of inside) nodes.push(nodeIn(area, one, places.get(one.service_id) ?? origin));
    return area;
  };
  let left = 0;
  if (byArea.has(callers.key)) left = place(callers.key, 0, 0).width + gap;
  let [top, right] = [0, left];
  for (const row of rowsOf([...byArea.keys()])) {
    let [at, bottom] = [left, top];
    for (const key of row) {
      const area = place(key, at, top);
      at += area.width + gap;
      bottom = Math.max(bottom, top + area.height);
    }
    [top, right] = [bottom + gap, Math.max(right, at)];
  }
  if (byArea.has(called.key)) place(called.key, right, 0);
  const nodeOf = new Map(nodes.map((one) => [one.id, one]));
  const edges = dependencies.flatMap((one) => edgeOf(one, nodeOf) ?? []);
  return {
    width: Math.max(cell.width, ...areas.map((one) => one.x + one.width)),
    height: Math.max(cell.height, ...areas.map((one) => one.y + one.height)),
    areas,
    nodes,
    edges,
    nodeOf,
    edgeOf: new Map(edges.map((one) => [one.id, one])),
  };
}

/** Whether each has a told place that no other in its area has: then there is nothing to lay out. */
function haveTheirOwn(
  nodes: readonly { id: string; area: string }[],
  positions: ReadonlyMap<string, Position>,
): boolean {
  const taken = new Set<string>();
  for (const { id, area } of nodes) {
    const at = positions.get(id);
    if (at !== undefined) taken.add(`${at.x} ${at.y} ${area}`);
  }
  return taken.size === nodes.length;
}

/** A large area has room for some more, so that those who come move no area beside it. */
function withRoom(count: number, by: number): number {
  return count <= by ? count : Math.ceil(count / by) * by;
}

/** Locations by name, in rows as wide as a screen is. */
function rowsOf(keys: readonly string[]): string[][] {
  const locations = keys.filter((key) => key !== callers.key && key !== called.key).sort();
  const across = Math.max(1, Math.ceil(Math.sqrt(locations.length * screenRatio)));
  const rows: string[][] = [];
  for (let at = 0; at < locations.length; at += across) rows.push(locations.slice(at, at + across));
  return rows;
}

function areaAt(
  key: string,
  left: number,
  top: number,
  inside: readonly GraphService[],
  places: ReadonlyMap<string, { x: number; y: number }>,
): Area {
  const at = inside.map((one) => places.get(one.service_id) ?? origin);
  const columns = withRoom(1 + Math.max(0, ...at.map(({ x }) => x)), 3);
  const rows = withRoom(1 + Math.max(0, ...at.map(({ y }) => y)), 4);
  return {
    key,
    title: key === callers.key ? callers.title : key === called.key ? called.title : key,
    outside: key === callers.key || key === called.key,
    x: left,
    y: top,
    width: columns * cell.width + 2 * padding.side,
    height: rows * cell.height + padding.top + padding.bottom,
  };
}

function nodeIn(area: Area, one: GraphService, place: { x: number; y: number }): Node {
  return {
    id: one.service_id,
    name: one.service_name,
    type: one.service_type,
    tone: serviceTone(one),
    faded: one.activity === 'gone',
    outside: one.kind !== 'service',
    x: area.x + padding.side + place.x * cell.width + (cell.width - card.width) / 2,
    y: area.y + padding.top + place.y * cell.height + (cell.height - card.height) / 2,
    ...card,
  };
}

function edgeOf(one: GraphDependency, nodeOf: ReadonlyMap<string, Node>): Edge | undefined {
  const from = nodeOf.get(one.source_service);
  const to = nodeOf.get(one.target_service);
  if (from === undefined || to === undefined) return undefined;
  const { verdict } = one.blame;
  return {
    id: one.id,
    from,
    to,
    tone: dependencyTone(one),
    path: pathTone(one),
    blame: verdict === 'none' || verdict === 'unknown' ? undefined : verdict,
    figures: figureWords(one),
    line: one.activity === 'active' ? 'full' : one.activity === 'quiet' ? 'dashed' : 'ghost',
    width: Math.min(5, 1.2 + Math.log10(1 + one.requests_per_second * 10)),
  };
}
