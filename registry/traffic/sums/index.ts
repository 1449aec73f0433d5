export {
  bestCell,
  cellKey,
  emptyCell,
  evidenceOf,
  sideOf,
  type Cell,
  type CellKey,
  type Counts,
} from './cell.ts';
export { gather, gatherParts, type Gathered, type KeyedPart } from './fold.ts';
export { keyOfRow, slotOf, sumKey, sumOfRows, type HostPair, type Slot, type Sum } from './slot.ts';
export { countsOf, totalOf, windowsOf } from './total.ts';
