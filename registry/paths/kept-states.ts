import { pathStates, type PathState } from '@netring/contract/path';
import { appended, type ChangeEntry, type Fold } from '../changes/index.ts';
import type { Store } from '../store/index.ts';

/** A state as the leader has seen it begin. */
export interface KeptState {
  state: PathState;
  /** Absent when nobody saw it begin. */
  sinceMs?: number;
  /** When the path was last not up. */
  notUpMs?: number;
}

/** Of everything that begins at one place: a member's paths by target, or a location's by cell. */
export type StatesOfSource = ReadonlyMap<string, KeptState>;

/** Which states there are, and since when, as the leader keeps them: replicas agree on them, and a restart loses none. */
export interface KeptStates extends Fold {
  of(key: string): StatesOfSource;
  keys(): Iterable<string>;
  /** Keys of which another replica has told since the last call. */
  takeNews(): string[];
  /** Counts up when everything was read anew, as after a flush of the store. */
  loads(): number;
}

/** Grows with N·k pairs, 30 bytes each; a ring that is off for a week starts afresh. */
const group = 'path-states';
const keptForMs = 7 * 24 * 3_600_000;
/** Keys of one commit. */
const keysAtOnce = 100;

interface StatesChange {
  kind: 'path_states';
  by: string;
  keys: string[];
}

export function createKeptStates(replica: string): KeptStates {
  const none: StatesOfSource = new Map();
  const states = new Map<string, StatesOfSource>();
  let news = new Set<string>();
  let loads = 0;

  const set = (key: string, value: Buffer | undefined) => {
    if (value === undefined) states.delete(key);
    else states.set(key, decodeStates(value.toString('utf8')));
    news.add(key);
  };
  return {
    async load(store) {
      states.clear();
      for (const [key, value] of await store.table.list(group)) set(key, value);
      loads++;
    },
    async apply(entries, store) {
      const changes = entries.filter(isStates);
      const keys = [...new Set(changes.flatMap((entry) => entry.keys))];
      const values = keys.length === 0 ? [] : await store.table.getMany(keys.map((key) => ({ group, key })));
      const others = new Set(changes.filter((entry) => entry.by !== replica).flatMap((entry) => entry.keys));
      keys.forEach((key, at) => {
        set(key, values[at]);
        if (!others.has(key)) news.delete(key);
      });
    },
    of: (key) => states.get(key) ?? none,
    keys: () => states.keys(),
    takeNews() {
      const taken = [...news];
      news = new Set();
      return taken;
    },
    loads: () => loads,
  };
}

function isStates(entry: ChangeEntry): entry is StatesChange {
  return entry.kind === 'path_states';
}

/** Writes the states of these keys, and tells the other replicas; an empty map removes its key. */
export async function keepStates(
  store: Store,
  replica: string,
  states: ReadonlyMap<string, StatesOfSource>,
): Promise<void> {
  const keys = [...states.keys()];
  for (let at = 0; at < keys.length; at += keysAtOnce) {
    const some = keys.slice(at, at + keysAtOnce);
    const put = some
      .filter((key) => (states.get(key) as StatesOfSource).size > 0)
      .map((key) => ({
        group,
        key,
        value: encodeStates(states.get(key) as StatesOfSource),
        ttlMs: keptForMs,
      }));
    const remove = some
      .filter((key) => (states.get(key) as StatesOfSource).size === 0)
      .map((key) => ({ group, key }));
    const change: StatesChange = { kind: 'path_states', by: replica, keys: some };
    await store.commit({ put, remove, append: appended(change) });
  }
}

type Row = [name: string, state: number, sinceMs: number, notUpMs: number];

function encodeStates(states: StatesOfSource): string {
  const rows = [...states].map(([name, one]): Row => [
    name,
    pathStates.indexOf(one.state),
    Math.round(one.sinceMs ?? 0),
    Math.round(one.notUpMs ?? 0),
  ]);
  return JSON.stringify(rows);
}

function decodeStates(text: string): StatesOfSource {
  return new Map(
    (JSON.parse(text) as Row[]).map(([name, state, sinceMs, notUpMs]) => [
      name,
      {
        state: pathStates[state] ?? 'unknown',
        ...(sinceMs > 0 ? { sinceMs } : {}),
        ...(notUpMs > 0 ? { notUpMs } : {}),
      },
    ]),
  );
}

export const memberKey = (source: string) => `member:${source}`;
export const locationKey = (source: string) => `location:${source}`;
