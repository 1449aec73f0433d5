import { createLeaderState, type LeaderState } from '../leader-state.ts';
import { nothingTold, type DeliveryState } from './account.ts';

/** What was told to whom. */
export type DeliveryBook = LeaderState<DeliveryState>;

export function createDeliveryBook(): DeliveryBook {
  return createLeaderState('delivery', nothingTold);
}
