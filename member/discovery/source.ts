import type { Logger } from '@netring/service/log';
import type { Settings } from '@netring/service/setting';
import type { Collector } from './collector.ts';
import type { discoverySettings } from './settings.ts';

/** What people configured of discovery. */
export type DiscoveryConfig = Settings<typeof discoverySettings>;

/** What every source of observations gets. */
export interface SourceNeeds {
  collector: Collector;
  config: DiscoveryConfig;
  /** The member's location. */
  location: string;
  /** Places, `ip:port`, of the ring itself: what goes there is measuring, and no traffic of this host's services. */
  ownPlaces: () => ReadonlySet<string>;
  log: Logger;
}

/** A source at work. */
export interface RunningSource {
  /** Ends within half a second; nothing is handed in afterwards. */
  stop(): void | Promise<void>;
}

/** Starts a source, where it is configured. What it throws is told and takes nothing else down. */
export type StartSource = (
  needs: SourceNeeds,
) => RunningSource | undefined | Promise<RunningSource | undefined>;
