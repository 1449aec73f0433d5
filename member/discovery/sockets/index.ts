import type { StartSource } from '../source.ts';
import { startSocketDiscovery } from './sockets.ts';

export type { ContainerName } from './service-groups.ts';
export {
  startSocketDiscovery,
  type LookDone,
  type SocketDiscovery,
  type SocketDiscoveryOptions,
} from './sockets.ts';

/** Sockets as a source of discovery, as configured. */
export const startSockets: StartSource = ({ collector, config, ownPlaces, log }) =>
  config.sockets === 'off'
    ? undefined
    : startSocketDiscovery({
        collector,
        intervalMs: config.sampleIntervalS * 1000,
        onlyAddresses: config.discoveryAddresses,
        ownPlaces,
        log,
      });
