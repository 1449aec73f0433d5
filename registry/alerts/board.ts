import type { AlertsAnswer, Incident, Silence } from '@netring/contract/alert';
import type { ChangeEntry } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import { createEntered } from './entered.ts';
import { nothingYet, type AlertState } from './evaluate.ts';
import { createLeaderState, type LeaderState } from './leader-state.ts';
import { isInForce } from './silences.ts';
import { tell } from './told.ts';

/** Silences that are over are shown for a day. */
const silenceKeptMs = 24 * 3_600_000;

/** The alerts as all replicas know them, and the silences; the fold of what the leader and people have written. */
export interface AlertBoard extends LeaderState<AlertState> {
  /** Everything at a moment. */
  answer(nowMs: number): AlertsAnswer;
  openIncidents(nowMs: number): Incident[];
  /** Another text means that something is told differently. */
  facts(nowMs: number): string;
  silence(store: Store, silence: Silence): Promise<string>;
  /** `undefined`: there is none with this id. */
  unsilence(store: Store, id: string): Promise<string | undefined>;
}

export function createAlertBoard(nowMs: () => number): AlertBoard {
  const silences = createEntered<Silence>('entered:silences', ({ to_ms }) => to_ms > nowMs() - silenceKeptMs);
  const leader = createLeaderState<AlertState>('alerts', nothingYet);

  return {
    ...leader,
    async load(store) {
      await silences.load(store);
      await leader.load(store);
    },
    async apply(entries: readonly ChangeEntry[], store) {
      silences.apply(entries);
      await leader.apply(entries, store);
    },
    answer: (atMs) => tell(leader.state(), shown(atMs), atMs),
    openIncidents: (atMs) =>
      tell(leader.state(), shown(atMs), atMs).incidents.filter((one) => one.state === 'open'),
    facts: (atMs) => {
      const inForce = shown(atMs).map((one) => [one.id, isInForce(one, atMs)]);
      return JSON.stringify([leader.state().lookedAtMs, inForce]);
    },
    silence: (store, one) => silences.change(store, one.id, one),
    async unsilence(store, id) {
      return silences.all().some((one) => one.id === id) ? silences.change(store, id, undefined) : undefined;
    },
  };

  function shown(atMs: number): Silence[] {
    return silences
      .all()
      .filter(({ to_ms }) => to_ms > atMs - silenceKeptMs)
      .sort((a, b) => b.created_ms - a.created_ms || (a.id < b.id ? -1 : 1));
  }
}
