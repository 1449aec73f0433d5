export { judgedIn } from './roll.ts';
export { keptOf } from './kept.ts';
export { createKeeper, type Keeper } from './keeper.ts';
export { createReader, type Reader } from './reader.ts';
export { shortId } from './judged.ts';
export { createShelf } from './shelf.ts';
