import { randomBytes } from 'node:crypto';
import type { Logger } from '@netring/service/log';
import { createApi, createRateLimit, createRights, type App, type readDashboard } from './api/index.ts';
import { createStoreClock, follow } from './changes/index.ts';
import type { RegistryConfig } from './config.ts';
import { createBroadcast, createStage } from './live/index.ts';
import { createDirectory, createMembership, type Membership } from './membership/index.ts';
import { createMetrics } from './metrics.ts';
import { createIngest, createPathBook, createPicture, createReportFold } from './paths/index.ts';
import type { Store } from './store/index.ts';
import { lead, type Duty } from './leader.ts';

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
): RegistryApp {
  const replica = randomBytes(6).toString('hex');
  const tokens = [config.token, config.tokenPrevious].filter((token) => token !== undefined);
  const addressProof = tokens.length > 0;
  const memberTtlMs = config.memberTtl * 1000;
  const clock = createStoreClock();
  const directory = createDirectory(memberTtlMs, addressProof);
  const book = createPathBook();
  const picture = createPicture(directory, book, addressProof);
  const follower = follow(
    store,
    clock,
    [directory, createReportFold(book, directory, replica)],
    log,
    () => undefined,
  );
  const membership = createMembership(store, directory, follower, clock, {
    memberTtlMs,
    maxMembers: config.maxMembers,
    tokens,
  });
  const broadcast = createBroadcast(replica);
  const stage = createStage(directory, picture, follower, clock, broadcast);
  const leader = lead(store, replica, [sweeping(membership, config.cleanupInterval * 1000, log)], log);
  const app = createApi(
    {
      membership,
      directory,
      picture,
      stage,
      broadcast,
      follower,
      clock,
      log,
      ingest: createIngest(store, clock, directory, book, replica),
      rights: createRights({ ...config, tokens }),
      // A site that restarts registers some dozens at once; a loop that registers is held to 50 a second.
      registrations: createRateLimit(200, 50),
      metrics: createMetrics({ stage, picture, follower, broadcast }),
    },
    dashboard,
  );
  return {
    app,
    ready: () => follower.ready(),
    async stop() {
      broadcast.close();
      stage.stop();
      await Promise.all([leader.stop(), follower.stop()]);
    },
  };
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
