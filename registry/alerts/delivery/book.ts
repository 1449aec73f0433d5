import { appended, type ChangeEntry, type Fold } from '../../changes/index.ts';
import type { Store } from '../../store/index.ts';
import { nothingTold, type DeliveryState } from './account.ts';

const group = 'delivery';
const stateKey = 'state';
const orderKey = 'order';

/** What was told to whom, as all replicas know it: the next leader goes on from there. */
export interface DeliveryBook extends Fold {
  state(): DeliveryState;
  /** How often the store was found to have forgotten it: the leader writes it once more. */
  losses(): number;
  /** Writes the leader's state of its term `fence`; false when a later leader has written. */
  write(store: Store, state: DeliveryState, fence: number): Promise<boolean>;
}

export function createDeliveryBook(): DeliveryBook {
  let state: DeliveryState = nothingTold;
  let losses = 0;
  let order = 0;
  return {
    async load(store) {
      const found = await read(store);
      if (found === undefined && state !== nothingTold) losses++;
      else state = found ?? nothingTold;
    },
    async apply(entries: readonly ChangeEntry[], store) {
      if (entries.some(({ kind }) => kind === 'delivery')) state = (await read(store)) ?? state;
    },
    state: () => state,
    losses: () => losses,
    async write(store, next, fence) {
      // A term begins above all writes of the one before, since its fence is a later time in microseconds.
      order = Math.max(order + 1, fence);
      const done = await store.commit({
        newer: { group, key: orderKey, order },
        put: [{ group, key: stateKey, value: JSON.stringify(next) }],
        append: appended({ kind: 'delivery' }),
      });
      return done.outcome === 'done';
    },
  };
}

async function read(store: Store): Promise<DeliveryState | undefined> {
  const text = await store.table.get(group, stateKey);
  return text === undefined ? undefined : (JSON.parse(text.toString('utf8')) as DeliveryState);
}
