import { mostSilences, type AlertBoard } from '../alerts/index.ts';
import type { Follower, StoreClock } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import { mostPositions, mostWatchers, type Links, type Traffic } from '../traffic/index.ts';
import { createEnteredDesk, type EnteredDesk } from './entered-desk.ts';

/** How long a call waits until its change stands in this replica's own picture. */
const ownChangeLimitMs = 5_000;

/** The desk over the rooms that keep what people entered. */
export function createEntered(rooms: {
  store: Store;
  board: AlertBoard;
  traffic: Traffic;
  links: Links;
  follower: Follower;
  clock: StoreClock;
}): EnteredDesk {
  const { store, board, links, follower, clock } = rooms;
  const { positions } = rooms.traffic;
  return createEnteredDesk({
    silences: {
      all: () => board.answer(clock.nowMs()).silences,
      most: mostSilences,
      put: (one) => board.silence(store, one),
    },
    positions: {
      all: () => positions.all(),
      most: mostPositions,
      async put(id, position) {
        const done = await positions.put(store, { [id]: position });
        return done.outcome === 'ok' ? done.logId : '0-0';
      },
    },
    watchers: {
      all: () => links.watchers.held(),
      most: mostWatchers,
      put: (one) => links.watchers.putBack(one),
      forbids: (url) => links.watchers.forbids(url),
    },
    reached: (logId) => follower.reached(logId, ownChangeLimitMs),
  });
}
