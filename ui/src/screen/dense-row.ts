import type { Cell } from '../matrix/cell.ts';

/** How a cell is drawn: its state, and how high its latency stands on the scale. */
export function cellClass({ state, step }: Cell): string {
  return step === undefined ? state : `${state} step step-${step}`;
}

/** What was drawn into a row last, so that only what changed is touched. */
const drawn = new WeakMap<HTMLTableRowElement, readonly Cell[]>();

/**
 * Draws cells as marks without text after the row's heading. By hand: among ten thousand cells, a component's bookkeeping for each would cost more than
 * the cell itself.
 */
export function drawMarks(row: HTMLTableRowElement, cells: readonly Cell[]): void {
  const before = drawn.get(row) ?? [];
  drawn.set(row, cells);
  // `row.cells` is looked through anew after each change; the children are not.
  let td = row.firstElementChild?.nextElementSibling ?? null;
  const fresh = document.createDocumentFragment();
  const blank = document.createElement('td');
  blank.setAttribute('role', 'gridcell');
  for (const [index, cell] of cells.entries()) {
    const known = td !== null;
    const mark = td ?? fresh.appendChild(blank.cloneNode() as HTMLElement);
    td = td?.nextElementSibling ?? null;
    const was = known ? before[index] : undefined;
    if (was === cell) continue;
    if (was?.state !== cell.state || was.step !== cell.step) mark.className = cellClass(cell);
    if (was?.label !== cell.label) mark.setAttribute('aria-label', cell.label);
  }
  row.append(fresh);
  while (row.cells.length > cells.length + 1) row.deleteCell(-1);
}
