import type { GridPlace } from '@netring/topology';
import type { Still } from './still.ts';
import type { Unit } from './units.ts';

/** So many cards stand beside each other on a screen that is higher than wide: their names can be read. */
const columns = 2;

/**
 * The places of cards on a screen that is higher than wide: in the order in which they stand on a wide one, column after column,
 * two in a row. Who was there keeps its place.
 */
export function stackedPlaces(
  units: readonly Unit[],
  places: ReadonlyMap<string, GridPlace>,
  still: Still,
): ReadonlyMap<string, GridPlace> {
  const rank = ({ id }: Unit): number => {
    const { x, y } = places.get(id) ?? { x: 0, y: 0 };
    return 100_000 * x + y;
  };
  const ordered = [...units].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  const stacked = new Map<string, GridPlace>();
  const taken = new Set<string>();
  for (const { id, area } of ordered) {
    const before = still.stacked.get(id);
    if (before === undefined) continue;
    stacked.set(id, before);
    taken.add(`${before.x} ${before.y} ${area}`);
  }
  const next = new Map<string, number>();
  for (const { id, area } of ordered) {
    if (stacked.has(id)) continue;
    let at = next.get(area) ?? 0;
    while (taken.has(`${at % columns} ${Math.floor(at / columns)} ${area}`)) at += 1;
    next.set(area, at + 1);
    const place = { x: at % columns, y: Math.floor(at / columns) };
    stacked.set(id, place);
    still.stacked.set(id, place);
  }
  return stacked;
}
