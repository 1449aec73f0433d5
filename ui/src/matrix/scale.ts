import type { BaselinesAnswer } from '@netring/contract/baseline';
import type { CheckKind } from '@netring/contract/result';
import { latencyText } from '../words/measure.ts';
import { checkOf, type Cell, type View } from './cell.ts';
import type { Matrix, Row } from './roll.ts';

/** What colours a path that is up: its milliseconds, or how they stand to what is usual on it. */
export const scaleNames = ['absolute', 'usual'] as const;
export type ScaleName = (typeof scaleNames)[number];

/** A scale with what it needs to know. */
export type Scale = { kind: 'absolute' } | { kind: 'usual'; usual: Usual };

/** Median and spread in milliseconds, by `usualKey`. */
export type Usual = ReadonlyMap<string, { medianMs: number; spreadMs: number }>;

/** Where the steps of the scales end: milliseconds, and shares above what is usual. */
const ends = { absolute: [5, 25, 75, 150], usual: [0, 0.25, 0.5, 1] } as const;
/** Within this nothing is told to be slower than usual, as in the verdict on a path: three spreads, a tenth, 2 ms. */
const usualBand = { spreads: 3, share: 0.1, ms: 2 };

/** The steps of a scale in words, the fastest first. */
export const stepWords: Record<ScaleName, readonly string[]> = {
  absolute: ['under 5 ms', 'under 25 ms', 'under 75 ms', 'under 150 ms', '150 ms and more'],
  usual: ['as usual', 'up to 25 % slower', 'up to 50 % slower', 'up to twice as slow', 'slower still'],
};

export function usualKey(source: string, kind: string, target: string, check: CheckKind): string {
  return JSON.stringify([source, kind, target, check]);
}

/** What the registry says is usual, to look up by. */
export function usualOf({ baselines }: BaselinesAnswer): Usual {
  return new Map(
    baselines.map((one) => [
      usualKey(one.source, one.target_kind, one.target, one.kind),
      { medianMs: one.median_ms, spreadMs: one.spread_ms },
    ]),
  );
}

/** Cells that were coloured before, so that those that did not change stay the same objects. */
const coloured = new WeakMap<Cell, { scale: Scale; cell: Cell }>();
const colouredRows = new WeakMap<Row, { scale: Scale; row: Row }>();

/** The matrix with the paths that are up coloured by `scale`; what is wrong keeps the colour of its state. */
export function colourMatrix(matrix: Matrix, scale: Scale | undefined): Matrix {
  const { view } = matrix;
  if (scale === undefined || view === 'bandwidth' || view === 'traceroute') return matrix;
  const rows = matrix.rows.map((row) => {
    const known = colouredRows.get(row);
    if (known?.scale === scale) return known.row;
    const made = { ...row, cells: row.cells.map((cell) => colourCell(cell, view, scale)) };
    colouredRows.set(row, { scale, row: made });
    return made;
  });
  return { ...matrix, rows };
}

function colourCell(cell: Cell, view: View, scale: Scale): Cell {
  if (cell.state !== 'ok' || cell.path === undefined || cell.latencyMs === undefined) return cell;
  const known = coloured.get(cell);
  if (known?.scale === scale) return known.cell;
  const made = { ...cell, ...colourOf(cell, cell.latencyMs, view, scale) };
  coloured.set(cell, { scale, cell: made });
  return made;
}

function colourOf({ path, note, label }: Cell, ms: number, view: View, scale: Scale): Partial<Cell> {
  if (scale.kind === 'absolute') return { step: stepOf(ms, ends.absolute) };
  const kind = path && checkOf(path, view)?.kind;
  const usual = path && kind && scale.usual.get(usualKey(path.source, path.target_kind, path.target, kind));
  if (usual === undefined) return { label: `${label}. Nothing is known of what is usual` };
  const { medianMs, spreadMs } = usual;
  const said = `${label}, usually ${latencyText(medianMs)}`;
  const { spreads, share, ms: least } = usualBand;
  if (ms <= medianMs + Math.max(spreads * spreadMs, share * medianMs, least)) return { step: 0, label: said };
  const more = ms / medianMs - 1;
  const percent = `+${Math.round(100 * more)} %`;
  return {
    step: stepOf(Math.max(more, 1e-9), ends.usual),
    note: [percent, note].filter(Boolean).join(' · '),
    label: `${said}: ${percent}`,
  };
}

function stepOf(value: number, ending: readonly number[]): number {
  const at = ending.findIndex((end) => value < end || (end > 0 && value === end && ending[0] === 0));
  return at === -1 ? ending.length : at;
}
