import type { LinkPush } from '@netring/contract/link';
import type { Fold, Follower, StoreClock } from '../../changes/index.ts';
import type { Store } from '../../store/index.ts';
import type { LinkBook } from './link-book.ts';
import { createLinkView, type LinkSources, type LinkView } from './link-view.ts';
import { createPushedBook } from './pushed-book.ts';
import { createWatcherDesk, type WatcherDesk } from './watcher-desk.ts';

/** The link view, what applications push into it, and who watches it. */
export interface Links {
  view: LinkView;
  watchers: WatcherDesk;
  /** To be followed. */
  folds: readonly Fold[];
  /** Ids of the links, or `full`. */
  push(push: LinkPush): Promise<{ ids: string[] } | 'full'>;
}

export interface LinkNeeds extends Omit<LinkSources, 'pushed' | 'book'> {
  store: Store;
  clock: StoreClock;
  follower: () => Follower;
  book: LinkBook;
  /** Ranges that watchers may be in whatever else holds. */
  watcherAllow: readonly string[];
  storeHosts: readonly string[];
}

export function createLinks(needs: LinkNeeds): Links {
  const { store, clock, follower } = needs;
  const pushed = createPushedBook();
  const view = createLinkView({ ...needs, pushed });
  const watchers = createWatcherDesk({
    store,
    clock,
    follower,
    view,
    allowed: needs.watcherAllow,
    storeHosts: needs.storeHosts,
  });
  return {
    view,
    watchers,
    folds: [pushed, watchers],
    push: (push) => pushed.push(store, push, Math.round(clock.nowMs())),
  };
}
