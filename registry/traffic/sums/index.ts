export { bestEvidence, emptyCell, type Cell, type Counts } from './cell.ts';
export { gather, type Gathered } from './fold.ts';
export { slotOf, sumKey, type HostPair, type Slot, type Sum } from './slot.ts';
export { countsOf, totalOf, windowsOf } from './total.ts';
