export type { LineSink } from './line-splitter.ts';
export { startTail, type Tail, type TailLoss, type TailOptions, type TailState } from './tail.ts';
