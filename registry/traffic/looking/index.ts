export { budgetOf, type Budget } from './budget.ts';
export { createEdgeBook, type EdgeBook } from './edge-book.ts';
export { createEdgeMemory, type EdgeMemory } from './memory.ts';
export { createServiceBook, type ServiceBook } from './service-book.ts';
export { createSlotBook, type SlotBook } from './slot-book.ts';
export { createTargetBook, type Group, type TargetBook } from './target-book.ts';
export { createTeller, type Teller } from './teller.ts';
