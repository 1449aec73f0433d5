export { createKeeper, type Keeper } from './keeper.ts';
export { createReader, type Reader } from './reader.ts';
export { createShelf } from './shelf.ts';
