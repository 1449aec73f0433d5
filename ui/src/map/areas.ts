import type { Position } from '@netring/contract/graph';
import type { GridPlace } from '@netring/topology';
import { areaPlaceId, called, callers, isOutside } from './area-key.ts';
import { cell, gap, padding } from './grid.ts';
import { hostBoxesOf, type HostBoxes } from './host-boxes.ts';
import type { Level } from './level.ts';
import type { Box } from './scene.ts';
import type { Still } from './still.ts';
import { serviceTone } from './trouble.ts';
import type { Unit } from './units.ts';

/** A location, or what lies outside of all. */
export interface Area extends Box {
  key: string;
  title: string;
  outside: boolean;
  level: Level;
  /** Services that fail, and that are slow. */
  failing: number;
  slow: number;
  /** The machines of an opened location. */
  hosts?: HostBoxes;
}

type Size = Pick<Box, 'width' | 'height'>;

/** Of the areas in a row to the rows: a screen is wider than high, but so are areas. */
const screenRatio = 0.7;

/** The areas of these cards. None moves while it is remembered in `still`, unless two would stand in each other's way. */
export function areasOf(
  units: readonly Unit[],
  places: ReadonlyMap<string, GridPlace>,
  positions: ReadonlyMap<string, Position>,
  { still, levelOf, isTall }: { still: Still; levelOf: (location: string) => Level; isTall: boolean },
): Area[] {
  const byArea = new Map<string, Unit[]>();
  for (const unit of units) {
    const inside = byArea.get(unit.area);
    if (inside === undefined) byArea.set(unit.area, [unit]);
    else inside.push(unit);
  }
  const levelIn = (key: string): Level => (isOutside(key) ? 'services' : levelOf(key));
  const hosts = new Map<string, HostBoxes>();
  for (const [key, inside] of byArea)
    if (levelIn(key) !== 'services') hosts.set(key, hostBoxesOf(key, inside, places, { still, isTall }));
  const sizes = new Map(
    [...byArea].map(([key, inside]): [string, Size] => [
      key,
      hosts.get(key) ?? gridSize(inside, places, isTall),
    ]),
  );
  const boxes = settled(sizes, still, isTall);
  return orderOf([...byArea.keys()]).map((key) => {
    const pinned = isTall ? undefined : positions.get(areaPlaceId(key));
    const box = boxes.get(key) as Box;
    const inside = hosts.get(key);
    return {
      key,
      title: key === callers.key ? callers.title : key === called.key ? called.title : key,
      outside: isOutside(key),
      level: levelIn(key),
      ...troubleIn(byArea.get(key) ?? []),
      ...(inside && { hosts: inside }),
      ...box,
      ...(pinned && { x: pinned.x, y: pinned.y }),
    };
  });
}

function troubleIn(units: readonly Unit[]): { failing: number; slow: number } {
  const services = new Map(units.map(({ service }) => [service.service_id, service]));
  const tones = [...services.values()].filter(({ activity }) => activity !== 'gone').map(serviceTone);
  return {
    failing: tones.filter((tone) => tone === 'bad').length,
    slow: tones.filter((tone) => tone === 'warn').length,
  };
}

function gridSize(inside: readonly Unit[], places: ReadonlyMap<string, GridPlace>, isTall: boolean): Size {
  // Room to put single ones elsewhere, in the smallest location too; on a phone nothing is moved.
  let [columns, rows] = isTall ? [2, 1] : [isOutside(inside[0]?.area ?? '') ? 1 : 2, 3];
  for (const { id } of inside) {
    const at = places.get(id);
    if (at !== undefined) [columns, rows] = [Math.max(columns, at.x + 1), Math.max(rows, at.y + 1)];
  }
  return {
    width: withRoom(columns, 3) * cell.width + 2 * padding.side,
    height: withRoom(rows, 4) * cell.height + padding.top + padding.bottom,
  };
}

/** A large area has room for some more, so that those who come move no area beside it. */
function withRoom(count: number, by: number): number {
  return count <= by ? count : Math.ceil(count / by) * by;
}

/** Where the areas are: as remembered, grown where they must; all anew only where that does not go. */
function settled(sizes: ReadonlyMap<string, Size>, still: Still, isTall: boolean): ReadonlyMap<string, Box> {
  const next = new Map(still.areas);
  for (const [key, size] of sizes) {
    const before = still.areas.get(key);
    next.set(key, before === undefined ? below(next, size) : grown(before, size));
  }
  const isFree = [...next].every(([key, box]) =>
    [...next].every(([other, its]) => other === key || !collide(box, its)),
  );
  still.areas = still.areas.size > 0 && isFree ? next : isTall ? stack(sizes) : flow(sizes);
  return still.areas;
}

function grown(before: Box, size: Size): Box {
  if (size.width <= before.width && size.height <= before.height) return before;
  return {
    ...before,
    width: Math.max(before.width, size.width),
    height: Math.max(before.height, size.height),
  };
}

function below(boxes: ReadonlyMap<string, Box>, size: Size): Box {
  const y = Math.max(0, ...[...boxes.values()].map((one) => one.y + one.height + gap));
  return { x: 0, y, ...size };
}

/** Whether two areas leave no gap between them. */
export function collide(a: Box, b: Box, apart = 8): boolean {
  return (
    a.x < b.x + b.width + apart &&
    b.x < a.x + a.width + apart &&
    a.y < b.y + b.height + apart &&
    b.y < a.y + a.height + apart
  );
}

/** Under each other: who calls from outside, the locations, what is called outside. */
function stack(sizes: ReadonlyMap<string, Size>): Map<string, Box> {
  const width = Math.max(...[...sizes.values()].map((one) => one.width));
  let top = 0;
  return new Map(
    orderOf([...sizes.keys()]).map((key): [string, Box] => {
      const { height } = sizes.get(key) as Size;
      const box = { x: 0, y: top, width, height };
      top += height + gap;
      return [key, box];
    }),
  );
}

function flow(sizes: ReadonlyMap<string, Size>): Map<string, Box> {
  const boxes = new Map<string, Box>();
  const place = (key: string, x: number, y: number): Box => {
    const box = { x, y, ...(sizes.get(key) as Size) };
    boxes.set(key, box);
    return box;
  };
  let left = 0;
  if (sizes.has(callers.key)) left = place(callers.key, 0, 0).width + gap;
  let [top, right] = [0, left];
  for (const row of rowsOf([...sizes.keys()])) {
    let [at, bottom] = [left, top];
    for (const key of row) {
      const box = place(key, at, top);
      at += box.width + gap;
      bottom = Math.max(bottom, top + box.height);
    }
    [top, right] = [bottom + gap, Math.max(right, at)];
  }
  if (sizes.has(called.key)) place(called.key, right, 0);
  return boxes;
}

/** Locations by name, in rows as wide as a screen is. */
function rowsOf(keys: readonly string[]): string[][] {
  const locations = keys.filter((key) => !isOutside(key)).sort();
  const across = Math.max(1, Math.ceil(Math.sqrt(locations.length * screenRatio)));
  const rows: string[][] = [];
  for (let at = 0; at < locations.length; at += across) rows.push(locations.slice(at, at + across));
  return rows;
}

function orderOf(keys: readonly string[]): string[] {
  const rank = (key: string): number => (key === callers.key ? 0 : key === called.key ? 2 : 1);
  return [...keys].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
