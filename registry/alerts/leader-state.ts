import { appended, type ChangeEntry, type Fold } from '../changes/index.ts';
import type { Store } from '../store/index.ts';

const stateKey = 'state';
const orderKey = 'order';

/** What the leader alone writes and all replicas know: the next leader goes on from there. */
export interface LeaderState<State> extends Fold {
  state(): State;
  /** How often the store was found to have forgotten it: the leader writes it once more. */
  losses(): number;
  /** Writes the leader's state of its term `fence`; false when a later leader has written. */
  write(store: Store, state: State, fence: number): Promise<boolean>;
}

/**
 * @param kind names the entries of the log that tell of a new state, and the group of the store that keeps it.
 * @param nothing what is known before anything was written.
 */
export function createLeaderState<State>(kind: 'alerts' | 'delivery', nothing: State): LeaderState<State> {
  let state = nothing;
  let losses = 0;
  let order = 0;
  return {
    async load(store) {
      const found = await read(store);
      if (found === undefined && state !== nothing) losses++;
      else state = found ?? nothing;
    },
    async apply(entries: readonly ChangeEntry[], store) {
      if (entries.some((entry) => entry.kind === kind)) state = (await read(store)) ?? state;
    },
    state: () => state,
    losses: () => losses,
    async write(store, next, fence) {
      // A term begins above all writes of the one before, since its fence is a later time in microseconds.
      order = Math.max(order + 1, fence);
      const done = await store.commit({
        newer: { group: kind, key: orderKey, order },
        put: [{ group: kind, key: stateKey, value: JSON.stringify(next) }],
        append: appended({ kind }),
      });
      return done.outcome === 'done';
    },
  };

  async function read(store: Store): Promise<State | undefined> {
    const text = await store.table.get(kind, stateKey);
    return text === undefined ? undefined : (JSON.parse(text.toString('utf8')) as State);
  }
}
