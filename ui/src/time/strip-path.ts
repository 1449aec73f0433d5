import type { Cell } from './strip.ts';
import { stepOf } from './moment.ts';
import type { StretchSummary } from '@netring/contract/topology';

/** Where a strip has a mark, in a box one wide a place: part of an SVG path. Bars grow from `bottom` up by their height (0–1). */
export function barsPath(
  cells: readonly Cell[],
  heightOf: (cell: Cell) => number,
  bottom: number,
  tall: number,
): string {
  let path = '';
  cells.forEach((cell, at) => {
    const height = heightOf(cell);
    if (height > 0) path += `M${at + 0.1} ${bottom}v-${(height * tall).toFixed(2)}h.8V${bottom}z`;
  });
  return path;
}

/** How busy places are, 0–1 of the busiest, by a scale on which a tenth is two thirds as high: rates differ by orders. */
export function busyOf(cells: readonly Cell[]): (cell: Cell) => number {
  const rateOf = ({ moment, summary }: Cell): number =>
    (summary?.requests ?? 0) / ((summary?.duration_ms ?? stepOf(moment).stepMs) / 1_000);
  const most = Math.max(...cells.map(rateOf), 0);
  return (cell) => {
    const rate = rateOf(cell);
    return rate <= 0 ? 0 : Math.max(0.08, 1 + Math.log10(rate / most) / 3);
  };
}

/** Trouble is a full mark, however little of it there is: one blamed dependency of a thousand must be seen. */
export function markOf(countOf: (summary: StretchSummary) => number): (cell: Cell) => number {
  return ({ summary }) => (summary !== undefined && countOf(summary) > 0 ? 1 : 0);
}
