import type { Position } from '@netring/contract/graph';
import { layOut, type GridPlace } from '@netring/topology';
import type { Still } from './still.ts';
import type { Draft, Unit } from './units.ts';

interface Remembering {
  still: Still;
  /** Only a part is shown: told places would leave it full of holes. */
  isPart: boolean;
  /** Areas of which much is folded away: told places would leave them empty, but for those that people chose. */
  folded: ReadonlySet<string>;
}

/** The place of each card in the grid of its area: told, remembered, or found beside its neighbours. */
export function placesOf(
  units: readonly Unit[],
  drafts: readonly Draft[],
  positions: ReadonlyMap<string, Position>,
  { still, isPart, folded }: Remembering,
): ReadonlyMap<string, GridPlace> {
  const ordered = [...units].sort((a, b) => (a.id < b.id ? -1 : 1));
  const told = (unit: Unit): GridPlace | undefined => {
    if (isPart) return undefined;
    const place = positions.get(unit.service.service_id);
    return folded.has(unit.area) && place?.pinned !== true ? undefined : place;
  };
  const kept = new Map<string, GridPlace>();
  for (const unit of ordered) {
    const place = told(unit) ?? still.places.get(unit.id);
    if (place !== undefined) kept.set(unit.id, place);
  }
  if (haveTheirOwn(ordered, kept)) return kept;
  const places = layOut(
    ordered,
    drafts.map(({ from, to }) => ({ source: from, target: to })),
    kept,
  );
  for (const unit of ordered) {
    const place = places.get(unit.id);
    if (place !== undefined && told(unit) === undefined) still.places.set(unit.id, place);
  }
  return places;
}

/** Whether each has a place that no other in its area has: then there is nothing to lay out. */
function haveTheirOwn(units: readonly Unit[], places: ReadonlyMap<string, GridPlace>): boolean {
  const taken = new Set<string>();
  for (const { id, area } of units) {
    const at = places.get(id);
    if (at === undefined) return false;
    taken.add(`${at.x} ${at.y} ${area}`);
  }
  return taken.size === units.length;
}

/** The free place nearest to the one wanted, within so many columns and rows; `undefined` when all are taken. */
export function freePlace(
  taken: ReadonlySet<string>,
  wanted: GridPlace,
  size: { columns: number; rows: number },
): GridPlace | undefined {
  let nearest: { place: GridPlace; away: number } | undefined;
  for (let x = 0; x < size.columns; x++) {
    for (let y = 0; y < size.rows; y++) {
      // A cell is three times as wide as it is high.
      const away = Math.hypot(3 * (x - wanted.x), y - wanted.y);
      if (!taken.has(`${x} ${y}`) && away < (nearest?.away ?? Infinity)) nearest = { place: { x, y }, away };
    }
  }
  return nearest?.place;
}
