import { randomBytes } from 'node:crypto';
import type { AlertsAnswer, Silence, SilenceRequest } from '@netring/contract/alert';
import type { Follower, StoreClock } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import type { AlertBoard } from './board.ts';

/** What people ask and enter. */
export interface AlertDesk {
  answer(atMs: number): AlertsAnswer;
  /** `too_many`: somebody enters them by a loop. */
  silence(request: SilenceRequest): Promise<{ outcome: 'ok'; silence: Silence } | { outcome: 'too_many' }>;
  /** False when there is none with this id. */
  unsilence(id: string): Promise<boolean>;
}

/** Above what people enter, below what would slow every look. */
export const mostSilences = 500;
/** How long a call waits until its change stands in this replica's own picture. */
const ownChangeLimitMs = 1_000;

export function createAlertDesk(
  store: Store,
  board: AlertBoard,
  follower: Follower,
  clock: StoreClock,
): AlertDesk {
  return {
    answer: (atMs) => board.answer(atMs),
    async silence({ kind, matcher, from_ms, duration_ms, comment, author }) {
      const nowMs = Math.round(clock.nowMs());
      if (board.answer(nowMs).silences.length >= mostSilences) return { outcome: 'too_many' };
      const fromMs = from_ms ?? nowMs;
      const id = randomBytes(6).toString('hex');
      const times = { from_ms: fromMs, to_ms: fromMs + duration_ms, created_ms: nowMs };
      const by = author === undefined ? {} : { author };
      const silence: Silence = { id, kind, matcher, ...times, comment, ...by };
      await follower.reached(await board.silence(store, silence), ownChangeLimitMs);
      return { outcome: 'ok', silence };
    },
    async unsilence(id) {
      const logId = await board.unsilence(store, id);
      if (logId === undefined) return false;
      await follower.reached(logId, ownChangeLimitMs);
      return true;
    },
  };
}
