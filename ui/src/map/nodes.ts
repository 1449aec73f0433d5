import type { GridPlace } from '@netring/topology';
import type { Area } from './areas.ts';
import { foldedCount } from './fold.ts';
import { card, cell, padding } from './grid.ts';
import type { Box, HostBox, Node } from './scene.ts';
import type { Still } from './still.ts';
import { serviceTone } from './trouble.ts';
import type { Unit } from './units.ts';

const origin = { x: 0, y: 0 };

/** The cards in their areas, and the machines that they stand on. What is as it was before is the same object again. */
export function nodesIn(
  areas: readonly Area[],
  units: readonly Unit[],
  places: ReadonlyMap<string, GridPlace>,
  still: Still,
): { nodes: Node[]; hosts: HostBox[] } {
  const areaOf = new Map(areas.map((one) => [one.key, one]));
  const nodes = units.flatMap((unit) => {
    const area = areaOf.get(unit.area);
    return area === undefined ? [] : [same(still.nodes.get(unit.id), nodeOf(unit, area, places))];
  });
  nodes.sort((a, b) => (a.id < b.id ? -1 : 1));
  still.nodes = new Map(nodes.map((one) => [one.id, one]));
  const hosts = areas.flatMap((area) =>
    (area.hosts?.boxes ?? []).map((one) => ({ ...one, x: area.x + one.x, y: area.y + one.y })),
  );
  return { nodes, hosts };
}

function nodeOf(unit: Unit, area: Area, places: ReadonlyMap<string, GridPlace>): Node {
  const { service } = unit;
  const place = places.get(unit.id) ?? origin;
  const folded = foldedCount(service);
  return {
    id: unit.id,
    service: service.service_id,
    area: unit.area,
    ...(unit.host !== undefined && { host: unit.host }),
    name: service.service_name,
    detail: unit.detail,
    tone: serviceTone(service),
    faded: service.activity === 'gone',
    outside: service.kind !== 'service',
    ...(folded !== undefined && { folded }),
    ...(unit.host === undefined && { place: { x: place.x, y: place.y } }),
    ...boxOf(unit, area, place),
  };
}

function boxOf(unit: Unit, area: Area, place: GridPlace): Box {
  const inHost = area.hosts?.cards.get(unit.id);
  if (inHost !== undefined) return { ...inHost, x: area.x + inHost.x, y: area.y + inHost.y };
  return { ...cellBox(area, place), ...card };
}

/** Where the card of a place in the grid of an area stands. */
export function cellBox(area: Box, place: GridPlace): Box {
  return {
    x: area.x + padding.side + place.x * cell.width + (cell.width - card.width) / 2,
    y: area.y + padding.top + place.y * cell.height + (cell.height - card.height) / 2,
    ...card,
  };
}

function same(before: Node | undefined, now: Node): Node {
  if (before === undefined) return now;
  const isSame =
    before.x === now.x &&
    before.y === now.y &&
    before.width === now.width &&
    before.tone === now.tone &&
    before.name === now.name &&
    before.detail === now.detail &&
    before.faded === now.faded &&
    before.outside === now.outside &&
    before.place?.x === now.place?.x &&
    before.place?.y === now.place?.y;
  return isSame ? before : now;
}
