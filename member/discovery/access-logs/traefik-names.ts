import { isIP } from 'node:net';
import type { LocalService } from '@netring/contract/inventory';
import type { Collector } from '../collector.ts';
import { repeating } from '../../repeating.ts';
import { configuredServers, type ConfiguredServer } from './traefik-api.ts';

/** Sockets and containers of the host are known within a scan: what was named too early is put right then. */
const secondLookMs = 10_000;
const everyMs = 60_000;
const mostAliases = 32;

export interface TraefikNames {
  stop(): Promise<void>;
}

/** Asks Traefik's API once a minute how its backends are called, and which there are before anybody asks for them. */
export function nameByTraefik(collector: Collector, api: string): TraefikNames {
  const book = collector.source('access_log', api);
  const source = `traefik ${api}`;
  const ended = new AbortController();
  let looks = 0;
  let working = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      const servers = await configuredServers(api, ended.signal);
      if (ended.signal.aborted) return;
      // What this source said before must not answer for others.
      collector.services(source, []);
      const { services, elsewhere } = localServices(servers, (host, port) => collector.serviceAt(host, port));
      collector.services(source, services);
      book.taken(servers.length - elsewhere, Date.now());
      book.state('ok');
      book.losses(
        elsewhere === 0
          ? []
          : [
              `${elsewhere} of ${servers.length} configured servers are not known on this host; they are not named.`,
            ],
      );
    } catch (error) {
      if (!ended.signal.aborted) book.state('off', (error as Error).message.slice(0, 500));
    }
  };
  const loop = repeating(0, async () => {
    working = look();
    await working;
    return looks++ === 0 ? secondLookMs : everyMs;
  });
  return {
    async stop() {
      loop.stop();
      ended.abort();
      await working;
      book.close();
    },
  };
}

/**
 * What the configuration says of services of this host. One that something else knows gets Traefik's name as an alias;
 * one that only Traefik's docker provider knows is a container of this host, and its address is known to this host only.
 * Everything else may be anywhere, and is left to whoever is there.
 */
export function localServices(
  servers: readonly ConfiguredServer[],
  serviceAt: (host: string, port: number) => string | undefined,
): { services: LocalService[]; elsewhere: number } {
  const found = new Map<string, LocalService>();
  let elsewhere = 0;
  for (const { service, provider, host, port } of servers) {
    const known = isIP(host) === 0 ? undefined : serviceAt(host, port);
    const isContainer = provider === 'docker' && isIP(host) !== 0;
    if (known === undefined && !isContainer) {
      elsewhere++;
      continue;
    }
    const name = known ?? service;
    const one = found.get(name) ?? emptyService(name, known === undefined);
    const listener = { address: host, port, transport: 'tcp' as const };
    found.set(name, {
      ...one,
      ...(name === service
        ? {}
        : { aliases: [...new Set([...(one.aliases ?? []), service])].slice(0, mostAliases) }),
      ...(known === undefined
        ? {
            addresses: [...new Set([...(one.addresses ?? []), host])].slice(0, 64),
            listeners: [...one.listeners, listener].slice(0, 256),
          }
        : {}),
    });
  }
  return { services: [...found.values()], elsewhere };
}

/** Ranked last: whoever sees the process or the container itself knows a better name. */
function emptyService(name: string, isContainer: boolean): LocalService {
  return {
    name,
    name_rule: 'process',
    start_mode: isContainer ? 'docker' : 'native',
    // Of two views the narrower reach holds: an alias must not narrow it.
    reach: isContainer ? 'host' : 'location',
    listeners: [],
  };
}
