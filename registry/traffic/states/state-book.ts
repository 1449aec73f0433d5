import type { ChangeEntry, Fold, StoreClock } from '../../changes/index.ts';
import type { Store } from '../../store/index.ts';
import { slotMs, type MemberClocks } from './member-clock.ts';
import {
  decodeHead,
  decodeState,
  isOrderKey,
  stateKey,
  statesGroup,
  statesKeptMs,
  type StoredState,
} from './stored-state.ts';

/** The traffic room's entry of the change log: this bucket of a member has a newer state. */
export interface StateChange extends ChangeEntry {
  kind: 'traffic';
  /** The replica that took it, and has folded it already. */
  by: string;
  key: string;
  startMs: number;
}

/** The states of the last minutes, newest of each member, boot and bucket. */
export interface StateBook extends Fold {
  /** False: an older one, which changes nothing. */
  take(state: StoredState): boolean;
  /** Where each kept stretch of 10 s begins, ascending. */
  starts(): number[];
  at(startMs: number): Iterable<StoredState>;
  /** Grows with every change of the stretch that begins there. */
  revision(startMs: number): number;
  /** Grows with every change at all. */
  changes(): number;
  /** Forgets what is older than is kept in memory. */
  sweep(nowMs: number): void;
  /** Minutes whose states came late, after this moment; each is told once. */
  takeLateMinutes(): number[];
  /** What the store holds of a minute, by where it begins. */
  readMinute(store: Store, startMs: number): Promise<StoredState[]>;
}

/** The live minute, the minute that is rolled up after it, and the time that takes. */
const inMemoryMs = 180_000;
const minuteMs = 60_000;
/** A minute is rolled up 25 s after its end: what comes from a little before that on may not be in it. */
const lateAfterMs = 20_000;

interface Stretch {
  states: Map<string, StoredState>;
  revision: number;
}

export function createStateBook(clocks: MemberClocks, clock: StoreClock, replica: string): StateBook {
  const stretches = new Map<number, Stretch>();
  const places = new Map<string, number>();
  let late = new Set<number>();
  let changes = 0;

  function take(state: StoredState): boolean {
    const key = stateKey(state);
    const before = places.get(key);
    const known = before === undefined ? undefined : stretches.get(before)?.states.get(key);
    if (known !== undefined && known.revision >= state.revision) return false;
    clocks.note(state.member, state.boot, state.n, state.startMs, state.offsetMs);
    changes++;
    const nowMs = clock.nowMs();
    const minute = Math.floor(state.startMs / minuteMs) * minuteMs;
    if (nowMs >= minute + minuteMs + lateAfterMs) late.add(minute);
    if (state.startMs + slotMs < nowMs - inMemoryMs) return true;
    if (before !== undefined && before !== state.startMs) drop(before, key);
    const stretch = stretches.get(state.startMs) ?? { states: new Map<string, StoredState>(), revision: 0 };
    stretches.set(state.startMs, stretch);
    stretch.states.set(key, state);
    stretch.revision = changes;
    places.set(key, state.startMs);
    return true;
  }

  function drop(startMs: number, key: string): void {
    const stretch = stretches.get(startMs);
    if (stretch?.states.delete(key) === true) stretch.revision = changes;
  }

  return {
    async load(store) {
      stretches.clear();
      places.clear();
      changes++;
      const nowMs = clock.nowMs();
      const last = Math.floor(nowMs / minuteMs);
      for (let minute = last - statesKeptMs / minuteMs; minute <= last + 1; minute++)
        for (const state of await readMinute(store, minute * minuteMs, nowMs - inMemoryMs)) take(state);
      // What is late for this replica is not late for the one that leads.
      late = new Set();
    },
    async apply(entries, store) {
      const others = new Map(
        entries
          .filter(isStateChange)
          .filter(({ by }) => by !== replica)
          .map((entry) => [`${entry.startMs} ${entry.key}`, entry]),
      );
      if (others.size === 0) return;
      const wanted = [...others.values()].map(({ key, startMs }) => ({ group: statesGroup(startMs), key }));
      for (const value of await store.table.getMany(wanted))
        if (value !== undefined) take(decodeState(value));
    },
    take,
    starts: () => [...stretches.keys()].sort((a, b) => a - b),
    at: (startMs) => stretches.get(startMs)?.states.values() ?? [],
    revision: (startMs) => stretches.get(startMs)?.revision ?? 0,
    changes: () => changes,
    sweep(nowMs) {
      for (const [startMs, { states }] of stretches) {
        if (startMs + slotMs >= nowMs - inMemoryMs) continue;
        for (const key of states.keys()) places.delete(key);
        stretches.delete(startMs);
        changes++;
      }
    },
    takeLateMinutes() {
      const taken = [...late];
      late = new Set();
      return taken;
    },
    readMinute: (store, startMs) => readMinute(store, startMs, -Infinity),
  };

  /** Older ones than `fromMs` only give their members' clocks. */
  async function readMinute(store: Store, startMs: number, fromMs: number): Promise<StoredState[]> {
    const values = await store.table.list(statesGroup(startMs));
    const states: StoredState[] = [];
    for (const [key, value] of values) {
      if (isOrderKey(key)) continue;
      const head = decodeHead(value);
      if (head.startMs + slotMs >= fromMs) states.push(decodeState(value));
      else clocks.note(head.member, head.boot, head.n, head.startMs, head.offsetMs);
    }
    return states.sort((a, b) => a.startMs - b.startMs);
  }
}

function isStateChange(entry: ChangeEntry): entry is StateChange {
  return entry.kind === 'traffic';
}
