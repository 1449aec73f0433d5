import type { GridPlace } from '@netring/topology';
import { card, cardGap, hostGap, hostPadding, padding, wideCard } from './grid.ts';
import type { Box, HostBox } from './scene.ts';
import type { Still } from './still.ts';
import type { Unit } from './units.ts';

/** The machines of an opened location, seen from the corner of its area, with the cards on them. */
export interface HostBoxes {
  width: number;
  height: number;
  boxes: readonly HostBox[];
  /** By id of the card. */
  cards: ReadonlyMap<string, Box>;
}

/** Of the width of an opened location to its height, about. */
const wanted = 1.6;

/** Packs the machines of a location in columns. Those that are remembered stay where they were. */
export function hostBoxesOf(
  area: string,
  units: readonly Unit[],
  places: ReadonlyMap<string, GridPlace>,
  { still, isTall }: { still: Still; isTall: boolean },
): HostBoxes {
  const byHost = new Map<string, Unit[]>();
  for (const unit of units) byHost.set(unit.host ?? '', [...(byHost.get(unit.host ?? '') ?? []), unit]);
  const before = still.hosts.get(area);
  const known = new Set(before?.order);
  const fresh = [...byHost.keys()].filter((host) => !known.has(host)).sort(unknownLast);
  const order = [...(before?.order ?? []), ...fresh];
  const size = units.some(({ wide }) => wide) ? wideCard : card;
  const width = size.width + 2 * hostPadding.side;
  const heightOf = (host: string): number => boxHeight(byHost.get(host)?.length ?? 1, size.height);
  const total = order.reduce((sum, host) => sum + heightOf(host) + hostGap, 0);
  const columnHeight =
    before?.columnHeight ??
    (isTall ? Infinity : Math.max(...order.map(heightOf), Math.sqrt((total * (width + hostGap)) / wanted)));
  still.hosts.set(area, { order, columnHeight });

  const boxes: HostBox[] = [];
  const cards = new Map<string, Box>();
  let [x, y, bottom] = [padding.side, padding.top, 0];
  for (const host of order) {
    const height = heightOf(host);
    if (y > padding.top && y + height > padding.top + columnHeight)
      [x, y] = [x + width + hostGap, padding.top];
    const inside = sorted(byHost.get(host) ?? [], places);
    if (inside.length > 0) boxes.push({ ...titleOf(host, inside), x, y, width, height });
    inside.forEach((unit, at) => {
      const top = y + hostPadding.top + at * (size.height + cardGap);
      cards.set(unit.id, { x: x + hostPadding.side, y: top, ...size });
    });
    y += height + hostGap;
    bottom = Math.max(bottom, y - hostGap);
  }
  return { width: x + width + padding.side, height: bottom + padding.bottom, boxes, cards };
}

/** Room for one more on a machine with several, so that who comes moves no machine under it. */
function boxHeight(count: number, cardHeight: number): number {
  const rows = count <= 2 ? count : 2 * Math.ceil(count / 2);
  return hostPadding.top + rows * (cardHeight + cardGap) - cardGap + hostPadding.bottom;
}

function titleOf(host: string, inside: readonly Unit[]): Pick<HostBox, 'key' | 'title' | 'detail'> {
  if (host === '') return { key: '', title: 'Machine not known', detail: '' };
  return { key: host, title: host, detail: inside.find(({ address }) => address !== '')?.address ?? '' };
}

function sorted(units: readonly Unit[], places: ReadonlyMap<string, GridPlace>): Unit[] {
  const rank = ({ id }: Unit): number => {
    const at = places.get(id);
    return at === undefined ? Infinity : 1_000 * at.x + at.y;
  };
  return [...units].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

function unknownLast(a: string, b: string): number {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
  return a < b ? -1 : 1;
}
