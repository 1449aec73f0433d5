import type { Position } from '@netring/contract/graph';
import { collide, type Area } from './areas.ts';
import type { Point } from './curve.ts';
import { cell, padding } from './grid.ts';
import { cellBox } from './nodes.ts';
import { freePlace } from './places.ts';
import type { Box, Node, Scene } from './scene.ts';

/** Where something that a person moves goes: its place for everybody, and what it covers on the map. */
export interface Drop {
  place: Position;
  box: Box;
}

/** Places by id. */
export type Places = ReadonlyMap<string, Position>;

export const noPlaces: Places = new Map();

export function withPlace(places: Places, id: string, place: Position): Places {
  return new Map(places).set(id, place);
}

/** Told places, with those that were chosen here instead. */
export function withChosen(told: Places, chosen: Places): Places {
  return chosen.size === 0 ? told : new Map([...told, ...chosen]);
}

/** Places chosen that are not saved, or that the registry does not tell yet. */
export function untold(chosen: Places, unsaved: Places, told: Places): Places {
  const left = [...chosen].filter(([id, one]) => {
    const there = told.get(id);
    return unsaved.has(id) || there?.x !== one.x || there.y !== one.y;
  });
  return left.length < chosen.size ? new Map(left) : chosen;
}

/** So many world pixels an area moves at a step. */
const areaStep = 31;

/** The free place nearest to a point of the world, in the grid of the service's area; `undefined` when it has no place of its own to leave. */
export function dropOf(scene: Scene, node: Node, at: Point): Drop | undefined {
  const grid = gridOf(scene, node);
  if (grid === undefined) return undefined;
  const { area, taken, size } = grid;
  const wanted = {
    x: Math.floor((at.x - area.x - padding.side) / cell.width),
    y: Math.floor((at.y - area.y - padding.top) / cell.height),
  };
  const place = freePlace(taken, wanted, size);
  return place && { place: { ...place, pinned: true }, box: cellBox(area, place) };
}

/** The next free place in a direction; `undefined` where there is none. Nothing else moves for it. */
export function stepOf(scene: Scene, node: Node, dx: number, dy: number): Drop | undefined {
  const grid = gridOf(scene, node);
  if (grid === undefined || node.place === undefined) return undefined;
  const { area, taken, size } = grid;
  let [x, y] = [node.place.x + dx, node.place.y + dy];
  while (x >= 0 && y >= 0 && x < size.columns && y < size.rows) {
    const place = { x, y };
    if (!taken.has(`${x} ${y}`)) return { place: { ...place, pinned: true }, box: cellBox(area, place) };
    [x, y] = [x + dx, y + dy];
  }
  return undefined;
}

/** An area with its corner near a point of the world; `undefined` where it would stand in the way of another. */
export function areaDropOf(scene: Scene, area: Area, corner: Point): Drop | undefined {
  const [x, y] = [corner.x, corner.y].map((at) => Math.max(0, Math.round(at / areaStep) * areaStep)) as [
    number,
    number,
  ];
  const box = { x, y, width: area.width, height: area.height };
  const isFree = scene.areas.every((other) => other.key === area.key || !collide(box, other));
  return isFree ? { place: { x, y, pinned: true }, box } : undefined;
}

/** An area some steps further, over others that stand in its way. */
export function areaStepOf(scene: Scene, area: Area, dx: number, dy: number): Drop | undefined {
  for (let step = 1; step <= 64; step++) {
    const corner = { x: area.x + dx * step * areaStep, y: area.y + dy * step * areaStep };
    if (corner.x < -areaStep || corner.y < -areaStep) return undefined;
    const drop = areaDropOf(scene, area, corner);
    if (drop !== undefined && (drop.box.x !== area.x || drop.box.y !== area.y)) return drop;
  }
  return undefined;
}

function gridOf(
  scene: Scene,
  node: Node,
): { area: Area; taken: Set<string>; size: { columns: number; rows: number } } | undefined {
  const area = scene.areas.find(({ key }) => key === node.area);
  if (area === undefined || node.place === undefined || node.folded !== undefined) return undefined;
  const taken = new Set<string>();
  for (const one of scene.nodes)
    if (one.area === area.key && one !== node && one.place !== undefined)
      taken.add(`${one.place.x} ${one.place.y}`);
  return {
    area,
    taken,
    size: {
      columns: Math.max(1, Math.floor((area.width - 2 * padding.side) / cell.width)),
      rows: Math.max(1, Math.floor((area.height - padding.top - padding.bottom) / cell.height)),
    },
  };
}
