export { createStoreClock, type StoreClock } from './clock.ts';
export type { Span } from './deaf-spans.ts';
export { follow, type Fold, type Follower } from './follow.ts';
export { appended, type ChangeEntry } from './log.ts';
