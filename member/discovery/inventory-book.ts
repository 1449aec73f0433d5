import { hostname } from 'node:os';
import {
  addressAlias,
  localService,
  type AddressAlias,
  type Inventory,
  type LocalService,
  type SourceHealth,
} from '@netring/contract/inventory';
import { normalHost } from '@netring/topology';
import { mergeServices } from './merge-services.ts';
import type { NameRule } from './name-rules.ts';

/** As many as the contract takes. */
const most = { services: 2000, aliases: 4000, gateways: 256 };

/** What runs on this host, as all sources together know it. */
export interface InventoryBook {
  services: (source: string, services: readonly LocalService[]) => void;
  aliases: (source: string, aliases: readonly AddressAlias[]) => void;
  host: (host: Inventory['host']) => void;
  /** Addresses of bridges, which another source knows than the host's own. */
  gateways: (addresses: readonly string[]) => void;
  processes: (services: ReadonlyMap<number, string>) => void;
  serviceAt: (address: string, port: number) => string | undefined;
  serviceOfPid: (pid: number) => string | undefined;
  /** The best name of a service that a source knows by another one. */
  bestName: (name: string) => string;
  inventory: (sources: SourceHealth[]) => Inventory;
  /** Services and aliases that no registry would take. */
  unfit: () => number;
}

/**
 * @param rules names that people gave
 * @param onChange called when something differs from before; `names` when services are called otherwise
 */
export function createInventoryBook(
  rules: readonly NameRule[],
  onChange: (what: 'content' | 'names') => void,
): InventoryBook {
  const bySource = new Map<string, { services: readonly LocalService[]; text: string }>();
  const aliasesBySource = new Map<string, { aliases: readonly AddressAlias[]; text: string }>();
  let host: Inventory['host'] = { name: hostname(), addresses: [] };
  let merged = mergeServices([], rules);
  let byListener = new Map<string, string>();
  let byPid = new Map<number, string>();
  let gateways: readonly string[] = [];
  let unfit = 0;
  let told: ReadonlyMap<number, string> = new Map();

  /** Processes of services that name themselves. */
  const ownNamed = () =>
    [...bySource.values()].flatMap(({ services }) =>
      services.flatMap(({ name_rule, pid }) => (name_rule === 'otel' && pid !== undefined ? [pid] : [])),
    );
  const merge = () => {
    const before = JSON.stringify([...merged.renamed]);
    merged = mergeServices(
      [...bySource.values()].map((one) => one.services),
      rules,
      told,
    );
    byListener = listenersOf(merged.services);
    byPid = new Map(
      merged.services.flatMap(({ pid, name }) => (pid === undefined ? [] : [[pid, name] as const])),
    );
    onChange(JSON.stringify([...merged.renamed]) === before ? 'content' : 'names');
  };
  const best = (name: string) => merged.renamed.get(name) ?? name;
  return {
    services(source, services) {
      const text = JSON.stringify(services);
      if (bySource.get(source)?.text === text) return;
      // One that the registry would refuse must not take the others with it.
      const sound = services.filter((one) => localService.safeParse(one).success);
      unfit += services.length - sound.length;
      bySource.set(source, { services: sound, text });
      merge();
    },
    aliases(source, aliases) {
      const text = JSON.stringify(aliases);
      if (aliasesBySource.get(source)?.text === text) return;
      const sound = aliases.filter((one) => addressAlias.safeParse(one).success);
      unfit += aliases.length - sound.length;
      aliasesBySource.set(source, { aliases: sound, text });
      onChange('content');
    },
    host(now) {
      if (JSON.stringify(now) === JSON.stringify(host)) return;
      host = now;
      onChange('content');
    },
    gateways(now) {
      gateways = now;
      onChange('content');
    },
    processes(services) {
      const isNew = ownNamed().some((pid) => services.get(pid) !== told.get(pid));
      told = services;
      if (isNew) merge();
    },
    serviceAt(address, port) {
      const plain = normalHost(address);
      const exact = byListener.get(`${plain} ${port}`);
      if (exact !== undefined) return exact;
      const isHosts = host.addresses.includes(plain) || /^127\.|^::1$/.test(plain);
      return isHosts ? byListener.get(`* ${port}`) : undefined;
    },
    serviceOfPid(pid) {
      const name = told.get(pid);
      return name === undefined ? byPid.get(pid) : best(name);
    },
    bestName: best,
    unfit: () => unfit,
    inventory(sources) {
      const aliases = [...aliasesBySource.values()].flatMap((one) => one.aliases);
      const more =
        Math.max(0, merged.services.length - most.services) + Math.max(0, aliases.length - most.aliases);
      const bridges = [...new Set([...(host.gateways ?? []), ...gateways])].slice(0, most.gateways);
      return {
        host: { ...host, ...(bridges.length > 0 && { gateways: bridges }) },
        services: merged.services.slice(0, most.services),
        ...(aliases.length === 0 ? {} : { aliases: aliases.slice(0, most.aliases) }),
        sources,
        ...(more === 0 ? {} : { more }),
      };
    },
  };
}

const wildcards = ['0.0.0.0', '::', '*'];

/** Names by `address port`; by `* port` for those that listen on every address of the host itself. */
function listenersOf(services: readonly LocalService[]): Map<string, string> {
  const all = new Map<string, string>();
  const put = (key: string, name: string) => {
    if (!all.has(key)) all.set(key, name);
  };
  for (const { name, listeners, addresses } of services) {
    for (const { address, port } of listeners) {
      if (!wildcards.includes(address)) put(`${normalHost(address)} ${port}`, name);
      else if (addresses === undefined) put(`* ${port}`, name);
      else for (const own of addresses) put(`${normalHost(own)} ${port}`, name);
    }
  }
  return all;
}
