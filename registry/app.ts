import { randomBytes } from 'node:crypto';
import type { Logger } from '@netring/service/log';
import { withoutTls, type RingTls } from '@netring/service/ring-tls';
import {
  createAlertBoard,
  createAlertDesk,
  createDelivery,
  createRecentRoutes,
  createWatch,
  createWhatIf,
  rulesOf,
} from './alerts/index.ts';
import { createApi, createRateLimit, createRights, type App, type readDashboard } from './api/index.ts';
import { createBandwidth } from './bandwidth/index.ts';
import { createStoreClock, follow } from './changes/index.ts';
import { storeHosts, type RegistryConfig } from './config.ts';
import { createEntered } from './entered/index.ts';
import { createHistory } from './history/index.ts';
import { createBroadcast, createStage } from './live/index.ts';
import {
  createDirectory,
  createMembership,
  movedAtMs,
  type Directory,
  type Membership,
} from './membership/index.ts';
import { createMetrics } from './metrics.ts';
import {
  createIngest,
  createKeptStates,
  createPathBook,
  createPicture,
  createReportFold,
  keepStates,
  type KnownOfPaths,
  type Picture,
} from './paths/index.ts';
import {
  createNames,
  createRouteBook,
  createTraceIntake,
  createTroubleWatch,
  forgetOldRoutes,
  type TroubleWatch,
} from './routes/index.ts';
import type { Store } from './store/index.ts';
import { createTasks } from './tasks/index.ts';
import { createJudging, createLinks, createTraffic, type Traffic } from './traffic/index.ts';
import { lead, stillLeads, type Duty } from './leader.ts';

/** A wired registry, not yet listening. */
export interface RegistryApp {
  app: App;
  /** Whether the picture is loaded and the store answers. */
  ready(): boolean;
  /** Ends the streams and the timers; the store stays open. */
  stop(): Promise<void>;
}

/** Puts the rooms together over a store. */
export function createRegistry(
  store: Store,
  config: RegistryConfig,
  dashboard: ReturnType<typeof readDashboard>,
  log: Logger,
  tls: RingTls = withoutTls(),
): RegistryApp {
  const replica = randomBytes(6).toString('hex');
  const tokens = [config.token, config.tokenPrevious].filter((token) => token !== undefined);
  const addressProof = tokens.length > 0;
  const memberTtlMs = config.memberTtl * 1000;
  const clock = createStoreClock();
  const directory = createDirectory(memberTtlMs, addressProof);
  const book = createPathBook();
  const routes = createRouteBook(directory);
  const tasks = createTasks(store, clock);
  const keptStates = createKeptStates(replica);
  const bandwidth = createBandwidth({
    store,
    directory,
    clock,
    tokens,
    epoch: () => membership.plan().epoch,
    stillLeads: () => stillLeads(store, replica),
  });
  const known: KnownOfPaths = {
    routeOf: (source, target) => routes.routeOf(source, target),
    bandwidthOf: (source, target) => bandwidth.tests.summary(source, target, clock.nowMs()),
    baselinesOf: (source, target) => history.baselinesOf(source, target),
  };
  const picture = createPicture(directory, book, addressProof, known, keptStates);
  const history = createHistory(store, {
    minute: (startedMs) => picture.minute(startedMs),
    sources: () => [...directory.all()].map(({ record }) => record.instance_id),
    movedAtMs: (source, target) =>
      movedAtMs(directory.get(source)?.record, directory.get(target)?.record, target),
    boundBytes: config.historyMb * 1_000_000,
    usualMinutes: config.usualMinutes,
    log,
  });
  const alerts = createAlertBoard(() => clock.nowMs());
  const delivery = createDelivery({ store, board: alerts, clock, follower: () => follower, config, log });
  const judging = createJudging(
    {
      memberPath: (source, target, nowMs) => picture.memberPath(source, target, nowMs),
      locationPaths: () => picture.locationPaths(),
      tracesOf: (source, target) => routes.tracesOf(source, target),
    },
    config.trafficUsualWindows,
  );
  const traffic: Traffic = createTraffic({
    store,
    clock,
    directory,
    picture,
    replica,
    judge: judging.judge,
    follower: () => follower,
    isShared: storeHosts(config).length > 0,
    settings: {
      groups: config.trafficGroups,
      bound: { services: config.trafficServices, dependencies: config.trafficDependencies },
      memberBytes: config.trafficMemberKb * 1000,
      bytes: config.trafficMb * 1_000_000,
    },
    log,
  });
  const links = createLinks({
    store,
    clock,
    follower: () => follower,
    book: judging.book,
    graph: () => traffic.live(),
    members: () => stage.members(),
    routeOf: (source, target) => routes.routeOf(source, target),
    watcherAllow: config.watcherAllow,
    storeHosts: storeHosts(config),
  });
  const follower = follow(
    store,
    clock,
    [
      directory,
      createReportFold(book, directory, replica),
      keptStates,
      history.fold,
      bandwidth.tests,
      bandwidth.leases,
      routes,
      tasks,
      alerts,
      delivery.book,
      judging.fold,
      ...traffic.folds,
      ...links.folds,
    ],
    log,
    () => undefined,
  );
  const membership = createMembership(store, directory, follower, clock, {
    memberTtlMs,
    maxMembers: config.maxMembers,
    tokens,
    tls,
    orderVersion: () => traffic.heaviest.version(),
  });
  const broadcast = createBroadcast(replica);
  const stage = createStage(directory, picture, follower, clock, broadcast, alerts);
  traffic.listen({
    graph: (changed) => broadcast.send('graph', changed),
    requests: (seen) => broadcast.send('requests', seen),
  });
  const recentRoutes = createRecentRoutes();
  routes.onTrace((event) => {
    broadcast.send('trace', { now_ms: clock.nowMs(), ...event });
    if (event.change !== undefined) recentRoutes.note(event.change);
  });
  const watched = { store, board: alerts, picture, members: () => stage.members(), follower, clock };
  const watch = createWatch(
    {
      ...watched,
      baselinesOf: (source, target) => known.baselinesOf?.(source, target),
      routeChanges: (nowMs) => recentRoutes.at(nowMs),
      edges: () => traffic.edges(),
      graphEvents: () => traffic.news(),
    },
    rulesOf(config),
  );
  /** Half a picture, as it is loaded anew, is nothing to keep. */
  const whole = (name: string, everyMs: number, run: () => Promise<void>): Duty => ({
    name,
    everyMs,
    run: () => (follower.ready() ? run() : Promise.resolve()),
  });
  const isTroubled = (source: string, target: string) => {
    const state = picture.memberPath(source, target, clock.nowMs())?.state;
    return state === 'degraded' || state === 'down';
  };
  const usualEveryMs = Math.min(10, config.usualMinutes / 3) * 60_000;
  const duties: Duty[] = [
    { name: 'alerts', everyMs: 1_000, run: watch },
    { name: 'notifications', everyMs: 500, run: (term) => delivery.look(term) },
    tracingTrouble('trace trouble', () => picture.troubled(), createTroubleWatch(tasks)),
    // Probes may have found a path slow before its dependencies were: these are to have a trace of their own.
    tracingTrouble('trace blame', () => judging.troubled(), createTroubleWatch(tasks)),
    sweeping(membership, config.cleanupInterval * 1000, log),
    whole('states', 1_000, () => keepStates(store, replica, picture.statesToKeep())),
    whole('service graph', 5_000, () => traffic.keep()),
    whole('places', 2_000, () => traffic.layOut()),
    whole('graph news', 1_000, () => traffic.lookForNews()),
    whole('heaviest traffic', 10_000, () => traffic.weigh()),
    whole('old routes', 60_000, () =>
      forgetOldRoutes(store, routes, (source, target) => picture.has(source, target), clock.nowMs()),
    ),
    whole('history', 5_000, () => history.keep(clock.nowMs())),
    { name: 'baselines', everyMs: usualEveryMs, run: () => history.keepBaselines(clock.nowMs()) },
    whole('baselines of who moved', 5_000, () => history.keepMoved(clock.nowMs())),
    whole('usual latencies', 60_000, () => judging.keep(store)),
    { name: 'watchers', everyMs: 500, run: () => links.watchers.look() },
    { name: 'bandwidth leases', everyMs: 0, run: (term) => bandwidth.leases.work(term) },
  ];
  const leader = lead(store, replica, duties, log);
  const app = createApi(
    {
      membership,
      directory,
      picture,
      bandwidth,
      history,
      alerts: createAlertDesk(store, alerts, follower, clock),
      entered: createEntered({ store, board: alerts, traffic, links, follower, clock }),
      delivery,
      whatIf: createWhatIf({
        rules: rulesOf(config),
        members: () => membersOf(directory),
        hour: (hour, source) => history.hour(hour, source),
        baselinesOf: (source, target) => history.baselinesOf(source, target),
      }),
      names: createNames((address) => routes.hasHop(address)),
      stage,
      broadcast,
      follower,
      clock,
      log,
      ingest: createIngest(store, clock, directory, book, replica),
      routes,
      tasks,
      traffic,
      links,
      // An application with many peers tells of them every second or two.
      linkPushes: createRateLimit(20, 2),
      traces: createTraceIntake(store, directory, routes, tasks, isTroubled),
      // A person who looks at all paths of a site, one after the other.
      traceRequests: createRateLimit(20, 1),
      rights: createRights({ ...config, tokens }),
      // A site that restarts registers some dozens at once; a loop that registers is held to 50 a second.
      registrations: createRateLimit(200, 50),
      metrics: createMetrics({ stage, picture, follower, broadcast, alerts, delivery, traffic, tls }),
    },
    dashboard,
  );
  return {
    app,
    ready: () => follower.ready(),
    async stop() {
      broadcast.close();
      stage.stop();
      traffic.stop();
      // While it leads still: what has just been told is written down for the next leader.
      await delivery.stop();
      await Promise.all([leader.stop(), follower.stop()]);
    },
  };
}

function* membersOf(directory: Directory): Generator<{ id: string; location: string }> {
  for (const { record } of directory.all()) yield { id: record.instance_id, location: record.location };
}

/** Paths that turned bad are traced from both ends. */
function tracingTrouble(name: string, troubled: Picture['troubled'], watch: TroubleWatch): Duty {
  return { name, everyMs: 500, run: () => watch.look(troubled()) };
}

/** Members that are kept no longer are removed. */
function sweeping(membership: Membership, everyMs: number, log: Logger): Duty {
  return {
    name: 'sweep',
    everyMs,
    async run() {
      const forgotten = await membership.sweep();
      if (forgotten > 0) log.info({ forgotten }, 'members no longer kept were removed');
    },
  };
}
