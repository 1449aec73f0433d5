import type { AlertsAnswer, Incident, Silence } from '@netring/contract/alert';
import { appended, type ChangeEntry, type Fold } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import { createEntered } from './entered.ts';
import { nothingYet, type AlertState } from './evaluate.ts';
import { isInForce } from './silences.ts';
import { tell } from './told.ts';

const group = 'alerts';
const stateKey = 'state';
const orderKey = 'order';
/** Silences that are over are shown for a day. */
const silenceKeptMs = 24 * 3_600_000;

/** The alerts as all replicas know them, and the silences; the fold of what the leader and people have written. */
export interface AlertBoard extends Fold {
  /** Everything at a moment. */
  answer(nowMs: number): AlertsAnswer;
  openIncidents(nowMs: number): Incident[];
  /** Another text means that something is told differently. */
  facts(nowMs: number): string;
  state(): AlertState;
  /** How often the store was found to have forgotten the state. */
  losses(): number;
  /** Writes the leader's state of its term `fence`; false when a later leader has written. */
  write(store: Store, state: AlertState, fence: number): Promise<boolean>;
  silence(store: Store, silence: Silence): Promise<string>;
  /** `undefined`: there is none with this id. */
  unsilence(store: Store, id: string): Promise<string | undefined>;
}

export function createAlertBoard(nowMs: () => number): AlertBoard {
  const silences = createEntered<Silence>('entered:silences', ({ to_ms }) => to_ms > nowMs() - silenceKeptMs);
  let state: AlertState = nothingYet;
  let losses = 0;
  let order = 0;

  return {
    async load(store) {
      await silences.load(store);
      const found = await readState(store);
      if (found === undefined && state !== nothingYet) losses++;
      else state = found ?? nothingYet;
    },
    async apply(entries: readonly ChangeEntry[], store) {
      silences.apply(entries);
      if (entries.some(({ kind }) => kind === 'alerts')) state = (await readState(store)) ?? state;
    },
    answer: (atMs) => tell(state, shown(atMs), atMs),
    openIncidents: (atMs) => tell(state, shown(atMs), atMs).incidents.filter((one) => one.state === 'open'),
    facts: (atMs) => {
      const inForce = shown(atMs).map((one) => [one.id, isInForce(one, atMs)]);
      return JSON.stringify([state.lookedAtMs, inForce]);
    },
    state: () => state,
    losses: () => losses,
    async write(store, next, fence) {
      // A term begins above all writes of the one before, since its fence is a later time in microseconds.
      order = Math.max(order + 1, fence);
      const done = await store.commit({
        newer: { group, key: orderKey, order },
        put: [{ group, key: stateKey, value: JSON.stringify(next) }],
        append: appended({ kind: 'alerts' }),
      });
      return done.outcome === 'done';
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

async function readState(store: Store): Promise<AlertState | undefined> {
  const text = await store.table.get(group, stateKey);
  return text === undefined ? undefined : (JSON.parse(text.toString('utf8')) as AlertState);
}
