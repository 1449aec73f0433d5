import { randomBytes } from 'node:crypto';
import type { Watcher, WatcherRequest } from '@netring/contract/link';
import { createEntered } from '../../alerts/index.ts';
import type { Fold, Follower, StoreClock } from '../../changes/index.ts';
import type { Store } from '../../store/index.ts';
import { createAddressPolicy } from './address-policy.ts';
import { deliver, ForbiddenAddress, resolved } from './deliver.ts';
import type { LinkView } from './link-view.ts';
import { createOwnAddresses } from './own-addresses.ts';
import { createWatcherRounds, type HeldWatcher } from './watcher-rounds.ts';

/** Watchers: people's data, so every replica holds all of them and writes them back after a flush. */
export interface WatcherDesk extends Fold {
  all(): Watcher[];
  add(request: WatcherRequest): Promise<Added>;
  /** As they are kept, with their secrets. */
  held(): HeldWatcher[];
  /** Puts one back as it is; the id of the log's entry. */
  putBack(watcher: HeldWatcher): Promise<string>;
  /** Why nothing may be sent to a URL; undefined: it may. */
  forbids(url: string): Promise<string | undefined>;
  /** False when there is none with this id. */
  remove(id: string): Promise<boolean>;
  /** The leader's duty: sends what is due. */
  look(): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

export type Added =
  | { outcome: 'ok'; watcher: HeldWatcher }
  | { outcome: 'too_many' }
  | { outcome: 'forbidden'; reason: string };

export interface WatcherNeeds {
  store: Store;
  clock: StoreClock;
  follower: () => Follower;
  view: LinkView;
  /** Ranges that may be watchers whatever else holds. */
  allowed: readonly string[];
  /** Hosts of the store. */
  storeHosts: readonly string[];
}

export const mostWatchers = 50;
/** How long a call waits until its change stands in this replica's own picture. */
const ownChangeLimitMs = 1_000;

export function createWatcherDesk(needs: WatcherNeeds): WatcherDesk {
  const { store, clock, follower, view } = needs;
  const entered = createEntered<HeldWatcher>('entered:watchers', () => true);
  const own = createOwnAddresses(needs.storeHosts);
  const policy = createAddressPolicy(needs.allowed, () => own.now());
  const rounds = createWatcherRounds({
    watchers: () => entered.all(),
    sample: (nowMs, filter, most) => view.sample(nowMs, filter, most),
    async send({ id, url, secret }, { id: sample, body }, nowMs) {
      await own.refresh(nowMs);
      const timeS = Math.floor(nowMs / 1000);
      await deliver({ url, secret, watcher: id, sample, body, timeS }, policy);
    },
  });

  return {
    load: (store) => entered.load(store),
    apply: (entries) => entered.apply(entries),
    all: () =>
      entered
        .all()
        .map((one) => {
          const delivery = rounds.deliveryOf(one.id);
          return { ...shown(one), ...(delivery === undefined ? {} : { delivery }) };
        })
        .sort((a, b) => a.created_ms - b.created_ms),
    async add(request) {
      if (entered.all().length >= mostWatchers) return { outcome: 'too_many' };
      const reason = await whyForbidden(request.url);
      if (reason !== undefined) return { outcome: 'forbidden', reason };
      const watcher: HeldWatcher = {
        id: randomBytes(16).toString('hex'),
        ...request,
        secret: request.secret ?? randomBytes(32).toString('hex'),
        created_ms: Math.round(clock.nowMs()),
      };
      await follower().reached(await entered.change(store, watcher.id, watcher), ownChangeLimitMs);
      return { outcome: 'ok', watcher };
    },
    held: () => entered.all(),
    putBack: (watcher) => entered.change(store, watcher.id, watcher),
    forbids: whyForbidden,
    async remove(id) {
      if (!entered.all().some((one) => one.id === id)) return false;
      await follower().reached(await entered.change(store, id, undefined), ownChangeLimitMs);
      return true;
    },
    look() {
      // Half a picture is no sample.
      if (follower().ready()) rounds.look(clock.nowMs());
      return Promise.resolve();
    },
    idle: () => rounds.idle(),
  };

  /** What does not resolve now may later; what is forbidden is told at once. */
  async function whyForbidden(text: string): Promise<string | undefined> {
    const url = new URL(text);
    if (url.username !== '' || url.password !== '') return 'it has a name or password in it';
    await own.refresh(clock.nowMs());
    const error = await resolved(url, policy).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return error instanceof ForbiddenAddress ? error.message : undefined;
  }
}

function shown({ id, url, links, nodes, metrics, interval_s, created_ms }: HeldWatcher): Watcher {
  return {
    id,
    url,
    ...(links === undefined ? {} : { links }),
    ...(nodes === undefined ? {} : { nodes }),
    ...(metrics === undefined ? {} : { metrics }),
    interval_s,
    created_ms,
  };
}
