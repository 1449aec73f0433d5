export {
  createInventoryBook,
  encodeInventory,
  inventoryGroup,
  inventoryKeys,
  inventoryTtlMs,
  type InventoryBook,
  type InventoryChange,
} from './inventory-book.ts';
export { createMemberClocks, slotMs, type MemberClocks } from './member-clock.ts';
export { readState } from './read-state.ts';
export { createStateBook, type StateBook, type StateChange } from './state-book.ts';
export {
  orderKey,
  stateKey,
  statesGroup,
  statesKeptMs,
  statesTtlMs,
  type StoredState,
} from './stored-state.ts';
export { withinBound } from './within-bound.ts';
