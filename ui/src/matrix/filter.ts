import type { Cell } from './cell.ts';
import type { Column, Matrix, Row } from './roll.ts';
import type { ScaleName } from './scale.ts';

/** What of the matrix is shown, and how. What is absent does not filter. */
export interface Filter {
  /** Source location. */
  from?: string;
  /** Target location, or name of an external target. */
  to?: string;
  /** Only paths whose latency is at least, or at most, this, in milliseconds. */
  aboveMs?: number;
  belowMs?: number;
  /** Only paths that are not simply up. */
  problems: boolean;
  /** Only paths that are known to fail: down, degraded, or not answering. */
  failures?: boolean;
  /** What the colour of a path that is up tells of its latency. */
  scale?: ScaleName;
}

/** Shows everything. */
export const noFilter: Filter = { problems: false };

/** Whether anything is left out. */
export function isFiltering({ from, to, aboveMs, belowMs, problems, failures }: Filter): boolean {
  return problems || failures === true || [from, to, aboveMs, belowMs].some((one) => one !== undefined);
}

const failing: ReadonlySet<Cell['state']> = new Set(['down', 'degraded', 'unanswered']);

/** Stands where a path is left out by the filter. */
export const leftOut: Cell = {
  path: undefined,
  state: 'none',
  value: '',
  unit: '',
  note: '',
  label: 'left out by the filter',
  changesAtMs: Infinity,
};

/** The matrix with only what the filter lets through; rows and columns with nothing left go. The same matrix when nothing is filtered. */
export function filterMatrix(matrix: Matrix, filter: Filter): Matrix {
  if (!isFiltering(filter)) return matrix;
  const { from, to } = filter;
  const chosen = matrix.rows.filter(({ name }) => from === undefined || name === from);
  const byCell = passing(filter);
  const kept: { column: Column; index: number }[] = [];
  for (const [index, column] of matrix.columns.entries()) {
    if (to !== undefined && column.name !== to) continue;
    if (byCell === undefined || chosen.some(({ cells }) => byCell(cells[index])))
      kept.push({ column, index });
  }
  const rows: Row[] = [];
  for (const row of chosen) {
    const cells = kept.map(({ index }) => {
      const cell = row.cells[index] ?? leftOut;
      return byCell === undefined || byCell(cell) ? cell : leftOut;
    });
    if (byCell === undefined || cells.some((cell) => cell !== leftOut)) rows.push({ ...row, cells });
  }
  return { ...matrix, columns: kept.map(({ column }) => column), rows };
}

/** What a cell must be to stay; `undefined` when no cell is judged. */
function passing(filter: Filter): ((cell: Cell | undefined) => boolean) | undefined {
  const { aboveMs, belowMs, problems, failures } = filter;
  if (!problems && !failures && aboveMs === undefined && belowMs === undefined) return undefined;
  return (cell) => {
    if (cell?.path === undefined) return false;
    if (problems && (cell.state === 'ok' || cell.state === 'measured' || cell.state === 'unmeasured'))
      return false;
    if (failures && !failing.has(cell.state)) return false;
    if (aboveMs === undefined && belowMs === undefined) return true;
    const { latencyMs } = cell;
    return latencyMs !== undefined && latencyMs >= (aboveMs ?? 0) && latencyMs <= (belowMs ?? Infinity);
  };
}
