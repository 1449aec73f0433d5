import type { Cell } from '../matrix/cell.ts';

/** What was drawn into a row last, so that only what changed is touched. */
const drawn = new WeakMap<HTMLTableRowElement, readonly Cell[]>();

/**
 * Draws cells as marks without text after the row's heading. By hand: among ten thousand cells, a component's bookkeeping for each would cost more than
 * the cell itself.
 */
export function drawMarks(row: HTMLTableRowElement, cells: readonly Cell[]): void {
  const before = drawn.get(row) ?? [];
  drawn.set(row, cells);
  const fresh = document.createDocumentFragment();
  for (const [index, cell] of cells.entries()) {
    if (before[index] === cell) continue;
    let td = row.cells[index + 1];
    if (td === undefined || index >= before.length) td = fresh.appendChild(document.createElement('td'));
    const was = before[index];
    if (was?.state !== cell.state) td.className = cell.state;
    if (was?.label !== cell.label) td.setAttribute('aria-label', cell.label);
  }
  row.append(fresh);
  while (row.cells.length > cells.length + 1) row.deleteCell(-1);
}
