export { bestEvidence, emptyCell, type Cell, type Counts } from './cell.ts';
export { gather, gatherParts, type Gathered, type KeyedPart } from './fold.ts';
export { keyOfRow, slotOf, sumKey, sumOfRows, type HostPair, type Slot, type Sum } from './slot.ts';
export { countsOf, totalOf, windowsOf } from './total.ts';
