import type { GraphAnswer, GraphChanged, RequestsSeen } from '@netring/contract/graph';
import type { TrafficCoverage } from '@netring/contract/coverage';
import type { Inventory } from '@netring/contract/inventory';
import type { GraphEvent, NetworkInfoAnswer, WindowsAnswer } from '@netring/contract/topology';
import type { Logger } from '@netring/service/log';
import type { Fold, Follower, StoreClock } from '../changes/index.ts';
import type { Directory } from '../membership/index.ts';
import type { Picture } from '../paths/index.ts';
import type { Store } from '../store/index.ts';
import type { DrawBound, Edge } from './drawing/index.ts';
import type { Judge } from './facts.ts';
import { groupRuleOf } from './identity/index.ts';
import { createProofs } from './join/index.ts';
import { createTrafficIntake, type TrafficIntake } from './intake.ts';
import { createLiveGraph, liveMs, rememberedMs, type LiveGraph } from './live-graph.ts';
import { digestOf } from './digest.ts';
import { createHeaviest, type Heaviest } from './heaviest.ts';
import { networksOf } from './networks.ts';
import { createNews } from './news.ts';
import { createPositions, type Positions } from './positions.ts';
import { createPrivateReach } from './private-reach.ts';
import { graphOfWindow, pastEdges, type GraphWindow, type QuestionNeeds } from './questions.ts';
import { createRequestStream } from './requests.ts';
import { createSharedRequests } from './requests-shared.ts';
import { createResolving } from './resolving.ts';
import {
  createInventoryBook,
  createMemberClocks,
  slotMs,
  createStateBook,
  type InventoryBook,
} from './states/index.ts';
import { createSeries } from './series.ts';
import { createKeeper, createReader, createShelf, keptOf } from './tiers/index.ts';

/** What the room is told of beyond what it keeps. */
export interface TrafficNeeds {
  store: Store;
  clock: StoreClock;
  directory: Directory;
  picture: Picture;
  replica: string;
  judge: Judge;
  follower: () => Follower;
  /** Whether other replicas may be at work on this store. */
  isShared: boolean;
  settings: { groups: readonly string[]; bound: DrawBound; memberBytes: number; bytes: number };
  log: Logger;
}

/** What members saw of traffic, as a graph of services. */
export interface Traffic {
  intake: TrafficIntake;
  /** To be followed, in this order, after the directory. */
  folds: readonly Fold[];
  inventories: InventoryBook;
  /** The graph of the last minute. */
  live(): GraphAnswer;
  /** The dependencies of the live graph, quiet and gone ones too, with what is known of their ends. */
  edges(): readonly Edge[];
  /** The graph of any window of the past day. */
  window(window: GraphWindow): Promise<GraphAnswer>;
  /** Which times of the graph are kept, how finely, and what went on in them. */
  kept(): Promise<WindowsAnswer>;
  positions: Positions;
  /** Moves services, for all replicas. False: there is no room for so many. */
  move(changes: Parameters<Positions['put']>[1]): Promise<boolean>;
  /** Lays out everything anew, for all replicas. False: there is no room for so many. */
  tidy(releasesPinned: boolean): Promise<boolean>;
  /** What came into the graph and what went, newest first. */
  news(): readonly GraphEvent[];
  /** Looks for what is new or lost. The leader's duty. */
  lookForNews(): Promise<void>;
  /** Between which locations there is most traffic: what members probe first. */
  heaviest: Heaviest;
  /** Looks whether that has changed. The leader's duty. */
  weigh(): Promise<void>;
  /** What crosses locations in the last minute, and over which paths. */
  digest(): TrafficCoverage;
  /** The graph for Prometheus, in its text format. */
  series(): string;
  /** Rolls up what is over. The leader's duty, every few seconds. */
  keep(): Promise<void>;
  /** Gives new services their place. The leader's duty. */
  layOut(): Promise<void>;
  /** Called with what changed in the live graph, and with requests as they happen. */
  listen(listener: TrafficListener): () => void;
  /** Networks with the services in them, of members that speak. */
  networks(): NetworkInfoAnswer;
  stop(): void;
}

export interface TrafficListener {
  graph(changed: GraphChanged): void;
  requests(seen: RequestsSeen): void;
  /** No more comes. */
  stopped?(): void;
}

/** How long a call waits until its change stands in this replica's own picture. */
const ownChangeLimitMs = 1_000;
/** How often it is looked whether there is anything new. */
const lookMs = 200;

export function createTraffic(needs: TrafficNeeds): Traffic {
  const { store, clock, directory, replica, judge, settings } = needs;
  const clocks = createMemberClocks();
  const states = createStateBook(clocks, clock, replica);
  const inventories = createInventoryBook(directory, replica);
  const isLive = (member: string): boolean => {
    const known = directory.get(member);
    if (known === undefined) return false;
    return directory.status(known, clock.nowMs(), needs.follower().deafSpans()) === 'online';
  };
  const resolving = createResolving({
    directory,
    inventories,
    groups: settings.groups.flatMap((text) => groupRuleOf(text) ?? []),
    isLive,
    reach: createPrivateReach(directory, needs.picture, () => clock.nowMs()),
  });
  const proofs = createProofs();
  const positions = createPositions();
  const news = createNews();
  const heaviest = createHeaviest();
  const series = createSeries();
  const live: LiveGraph = createLiveGraph({
    states,
    resolving,
    proofs,
    judge,
    bound: settings.bound,
    positions: (ids) => positions.of(ids),
    positionsVersion: () => positions.version(),
    sources: () => inventories.sources(),
    firstSeenMs: (id) => news.firstSeenMs(id),
  });
  const shelf = createShelf(store);
  const resolver = () => resolving.current().resolver;
  const keeper = createKeeper({
    store,
    shelf,
    states,
    resolver,
    proofs,
    edges: () => live.edges(),
    boundBytes: settings.bytes,
    log: needs.log,
  });
  const reader = createReader({
    store,
    shelf,
    states,
    resolver,
    proofs,
    live: (fromMs) => live.slots(fromMs),
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
  const questions: QuestionNeeds = {
    reader,
    bound: settings.bound,
    live: (id) => live.judged(id),
    positions: (ids) => positions.of(ids),
    sources: () => inventories.sources(),
  };
  const listeners = new Set<TrafficListener>();
  const tellRequests = (seen: RequestsSeen) => {
    for (const one of listeners) one.requests(seen);
  };
  const shared = needs.isShared ? createSharedRequests(store, replica, tellRequests) : undefined;
  let isRemembered = false;
  let countedMs = -Infinity;
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
    folds: [inventories, states, positions, news, heaviest, ...(shared === undefined ? [] : [shared])],
    inventories,
    live: () => live.answer(),
    edges: () => live.edges(),
    window: (window) => graphOfWindow(questions, window, Math.round(clock.nowMs())),
    kept: async () => keptOf(await shelf.index(), Math.round(clock.nowMs())),
    positions,
    async move(changes) {
      const moved = await positions.put(store, changes);
      if (moved.outcome === 'too_many') return false;
      await needs.follower().reached(moved.logId, ownChangeLimitMs);
      return true;
    },
    async tidy(releasesPinned) {
      const logId = await positions.tidy(store, live.answer(), releasesPinned);
      if (logId === undefined) return false;
      await needs.follower().reached(logId, ownChangeLimitMs);
      return true;
    },
    news: () => news.events(),
    lookForNews: () =>
      news.look(store, { edges: live.edges(), isWhole: live.isWhole() }, clock.nowMs(), isLive),
    heaviest,
    weigh: () => heaviest.look(store, digest().pairs, clock.nowMs()),
    digest,
    series: () => series.text(spoken()),
    keep: () => keeper.keep(clock.nowMs()),
    layOut: () => positions.layOut(store, live.answer()),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop() {
      clearInterval(looking);
      for (const one of listeners) one.stopped?.();
    },
    networks: () => networksOf(directory, inventories, isLive),
  };

  function digest(): TrafficCoverage {
    const { dependencies, services } = live.answer();
    return digestOf(dependencies, services, clock.nowMs());
  }

  /** What was there before this replica looked is quiet now, not unheard of. */
  async function remember(nowMs: number): Promise<void> {
    isRemembered = true;
    try {
      live.remember(await pastEdges(questions, nowMs - rememberedMs, nowMs - liveMs, nowMs));
    } catch (error) {
      isRemembered = false;
      const reason = error instanceof Error ? error.message : String(error);
      needs.log.debug({ reason }, 'the past of the service graph was not read yet');
    }
  }

  /** Inventories of members that speak. */
  function spoken(): { member: string; inventory: Inventory }[] {
    return [...directory.all()].flatMap(({ record: { instance_id: member } }) => {
      const inventory = isLive(member) ? inventories.current(member) : undefined;
      return inventory === undefined ? [] : [{ member, inventory }];
    });
  }

  function look(): void {
    // Half a picture, as it is loaded anew, would look as if everything were gone.
    if (!needs.follower().ready()) return;
    const nowMs = clock.nowMs();
    if (!isRemembered) void remember(nowMs);
    const changed = live.refresh(nowMs);
    if (nowMs - countedMs >= slotMs) {
      countedMs = nowMs;
      inventories.sweep(nowMs);
      series.count(live.slots(nowMs - liveMs), nowMs);
    }
    if (changed !== undefined) for (const one of listeners) one.graph(changed);
    const seen = requests.flush(nowMs);
    if (seen !== undefined) {
      tellRequests(seen);
      shared?.note(seen);
    }
    shared?.flush(nowMs);
  }
}
