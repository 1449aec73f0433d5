import type { GraphAnswer, GraphChanged, Position, RequestsSeen } from '@netring/contract/graph';
import type { Fold, Follower, StoreClock } from '../changes/index.ts';
import type { Directory } from '../membership/index.ts';
import type { Picture } from '../paths/index.ts';
import type { Store } from '../store/index.ts';
import type { DrawBound } from './drawing/index.ts';
import type { Judge } from './facts.ts';
import { groupRuleOf } from './identity/index.ts';
import { createTrafficIntake, type TrafficIntake } from './intake.ts';
import { createLiveGraph, type LiveGraph } from './live-graph.ts';
import { createPrivateReach } from './private-reach.ts';
import { createRequestStream } from './requests.ts';
import { createResolving } from './resolving.ts';
import {
  createInventoryBook,
  createMemberClocks,
  createStateBook,
  type InventoryBook,
} from './states/index.ts';

/** What the room is told of beyond what it keeps. */
export interface TrafficNeeds {
  store: Store;
  clock: StoreClock;
  directory: Directory;
  picture: Picture;
  replica: string;
  judge: Judge;
  follower: () => Follower;
  settings: { groups: readonly string[]; bound: DrawBound; memberBytes: number };
}

/** What members saw of traffic, as a graph of services. */
export interface Traffic {
  intake: TrafficIntake;
  /** To be followed, in this order, after the directory. */
  folds: readonly Fold[];
  inventories: InventoryBook;
  /** The graph of the last minute. */
  live(): GraphAnswer;
  /** Called with what changed in the live graph, and with requests as they happen. */
  listen(listener: TrafficListener): void;
  stop(): void;
}

export interface TrafficListener {
  graph(changed: GraphChanged): void;
  requests(seen: RequestsSeen): void;
}

/** How often it is looked whether there is anything new. */
const lookMs = 200;

export function createTraffic(needs: TrafficNeeds): Traffic {
  const { store, clock, directory, replica, judge, settings } = needs;
  const clocks = createMemberClocks();
  const states = createStateBook(clocks, clock, replica);
  const inventories = createInventoryBook(directory, replica);
  const resolving = createResolving({
    directory,
    inventories,
    groups: settings.groups.flatMap((text) => groupRuleOf(text) ?? []),
    isLive: (member) => {
      const known = directory.get(member);
      return (
        known !== undefined &&
        directory.status(known, clock.nowMs(), needs.follower().deafSpans()) === 'online'
      );
    },
    reach: createPrivateReach(directory, needs.picture, () => clock.nowMs()),
  });
  const live: LiveGraph = createLiveGraph({
    states,
    resolving,
    judge,
    bound: settings.bound,
    positions: (): Record<string, Position> => ({}),
    sources: () => inventories.sources(),
    firstSeenMs: () => undefined,
  });
  const requests = createRequestStream(
    resolving,
    (member) => directory.get(member)?.record.location,
    (source, target) => {
      const found = live
        .edges()
        .filter(({ view }) => view.source_service === source && view.target_service === target);
      return found.length === 1 ? found[0]?.view.protocol : undefined;
    },
  );
  const listeners: TrafficListener[] = [];
  const looking = setInterval(look, lookMs);

  return {
    intake: createTrafficIntake({
      store,
      states,
      inventories,
      clocks,
      replica,
      memberBytes: settings.memberBytes,
      onRequests: (member, taken, offsetMs) => requests.take(member, taken, offsetMs),
    }),
    folds: [inventories, states],
    inventories,
    live: () => live.answer(),
    listen: (listener) => void listeners.push(listener),
    stop: () => clearInterval(looking),
  };

  function look(): void {
    // Half a picture, as it is loaded anew, would look as if everything were gone.
    if (!needs.follower().ready()) return;
    const nowMs = clock.nowMs();
    const changed = live.refresh(nowMs);
    if (changed !== undefined) for (const one of listeners) one.graph(changed);
    const seen = requests.flush(nowMs);
    if (seen !== undefined) for (const one of listeners) one.requests(seen);
  }
}
