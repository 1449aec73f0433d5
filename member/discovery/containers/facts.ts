import type { AddressAlias, LocalService } from '@netring/contract/inventory';
import { isIP, isIPv4 } from 'node:net';
import type { ContainerName } from './names.ts';

/** An address of a container, in the network that it is meaningful in. */
export interface ContainerAddress {
  network: string;
  address: string;
}

/** A port of the host that leads into a container. */
export interface PublishedPort {
  /** Wildcards stand for every address of the host. */
  hostAddress: string;
  hostPort: number;
  containerPort: number;
}

/** What is known of a running container, whoever told it. */
export interface ContainerFacts extends ContainerName {
  id: string;
  /** What groups services of one name: a Compose project, a namespace. */
  group: string;
  /** Other names of it: its host name, its pod's id, `namespace/pod`. */
  keys: readonly string[];
  pid?: number;
  startMode: 'docker' | 'kubernetes';
  addresses: readonly ContainerAddress[];
  /** Whether its addresses are known beyond this host. */
  reach: LocalService['reach'];
  /** Names that others in its networks know it by. */
  aliases: readonly string[];
  ports: readonly PublishedPort[];
  /** It has the network of another container, whose id this is. */
  networkOf?: string;
}

/** All that one teller knows now. */
export interface ContainerSnapshot {
  containers: readonly ContainerFacts[];
  /** Addresses of bridges. */
  gateways: readonly string[];
}

/** Labels are not sent: they may hold secrets, and nobody asks for them. */
const mostAliases = 32;
const mostAddresses = 64;

/** What the inventory is told of containers. Services of one name in two groups are two services. */
export function servicesOf(containers: readonly ContainerFacts[]): LocalService[] {
  const groups = new Map<string, Set<string>>();
  for (const { name, group } of containers)
    groups.set(name, (groups.get(name) ?? new Set<string>()).add(group));
  const byId = new Map(containers.map((one) => [one.id, one]));
  return containers.map((one) => {
    const isAmbiguous = (groups.get(one.name)?.size ?? 0) > 1 && one.group !== '';
    const owner = one.networkOf === undefined ? undefined : byId.get(one.networkOf);
    const addresses = (owner ?? one).addresses.map(({ address }) => address).slice(0, mostAddresses);
    const aliases = [...new Set(one.aliases)].filter((alias) => isAlias(alias)).slice(0, mostAliases);
    return {
      name: isAmbiguous ? `${one.group}-${one.name}`.slice(0, 200) : one.name,
      name_rule: one.rule,
      ...(one.pid !== undefined && one.pid > 0 && { pid: one.pid }),
      start_mode: one.startMode,
      container_id: one.id,
      ...(addresses.length > 0 && { addresses }),
      reach: (owner ?? one).reach,
      listeners: [],
      ...(aliases.length > 0 && { aliases }),
    };
  });
}

function isAlias(text: string): boolean {
  return /^[\w.-]{1,255}$/.test(text);
}

/**
 * Where published ports lead.
 * @param hostAddresses what wildcards stand for
 */
export function aliasesOf(
  containers: readonly ContainerFacts[],
  hostAddresses: readonly string[],
): AddressAlias[] {
  const found = new Map<string, AddressAlias>();
  for (const { addresses, ports } of containers) {
    for (const { hostAddress, hostPort, containerPort } of ports) {
      const isV4 = isIPv4(hostAddress);
      const to = addresses.find(({ address }) => isIPv4(address) === isV4) ?? addresses[0];
      if (to === undefined) continue;
      const isWildcard = hostAddress === '0.0.0.0' || hostAddress === '::';
      const all = isWildcard ? hostAddresses.filter((one) => isIPv4(one) === isV4) : [hostAddress];
      for (const ip of all)
        found.set(`${ip} ${hostPort}`, { ip, port: hostPort, to_ip: to.address, to_port: containerPort });
    }
  }
  return [...found.values()].slice(0, 4000);
}

/** An address that is one, without the length of its prefix. */
export function addressOf(text: string | null | undefined): string | undefined {
  const bare = (text ?? '').split('/', 1)[0] ?? '';
  return isIP(bare) === 0 ? undefined : bare;
}
