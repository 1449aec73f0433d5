/** Where the focus stands in the grid, counted from 0. */
export interface Place {
  row: number;
  column: number;
}

/**
 * Where a key takes the focus in a grid of `rows` by `columns` (the keys of the ARIA grid pattern); `undefined` when the key means
 * nothing here. Edges hold.
 */
export function placeAfter(
  key: string,
  withControl: boolean,
  from: Place,
  rows: number,
  columns: number,
): Place | undefined {
  const last = { row: rows - 1, column: columns - 1 };
  switch (key) {
    case 'ArrowUp':
      return { ...from, row: Math.max(0, from.row - 1) };
    case 'ArrowDown':
      return { ...from, row: Math.min(last.row, from.row + 1) };
    case 'ArrowLeft':
      return { ...from, column: Math.max(0, from.column - 1) };
    case 'ArrowRight':
      return { ...from, column: Math.min(last.column, from.column + 1) };
    case 'Home':
      return withControl ? { row: 0, column: 0 } : { ...from, column: 0 };
    case 'End':
      return withControl ? last : { ...from, column: last.column };
    case 'PageUp':
      return { ...from, row: Math.max(0, from.row - 10) };
    case 'PageDown':
      return { ...from, row: Math.min(last.row, from.row + 10) };
    default:
      return undefined;
  }
}

/** The place itself, or the nearest one when the grid has shrunk under it. */
export function within(place: Place, rows: number, columns: number): Place {
  return {
    row: Math.max(0, Math.min(place.row, rows - 1)),
    column: Math.max(0, Math.min(place.column, columns - 1)),
  };
}
