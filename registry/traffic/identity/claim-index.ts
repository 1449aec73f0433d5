import type { Inventory } from '@netring/contract/inventory';
import { normalHost } from '@netring/topology';
import {
  pointKey,
  serviceId,
  type ClaimTime,
  type HostClaim,
  type Point,
  type ServiceClaim,
} from './claim.ts';

/** What one member said of its host, and when that held. */
export interface MemberInventory {
  member: string;
  location: string;
  inventory: Inventory;
  time: ClaimTime;
}

/** All claims there are, by what is asked for. */
export interface ClaimIndex {
  /** Claims of one member, of all times. */
  ofMember(member: string): readonly HostClaim[];
  /** Hosts that have an address. */
  hosts(address: string): readonly HostClaim[];
  /** Services that have an address of their own. */
  owners(address: string): readonly ServiceClaim[];
  /** Services that go by a name: an alias, or what the inventory calls them. */
  named(name: string): readonly ServiceClaim[];
  /** Hosts that go by a name. */
  hostsNamed(name: string): readonly HostClaim[];
  /** Every claim of a service, by its id. */
  claims(id: string): readonly ServiceClaim[];
  all(): Iterable<HostClaim>;
  /** Whether any claim of that kind is bounded in time, so that the moment matters. */
  readonly isTimeless: boolean;
}

export function indexClaims(inventories: Iterable<MemberInventory>): ClaimIndex {
  const hosts: HostClaim[] = [];
  const byMember = new Map<string, HostClaim[]>();
  const byAddress = new Map<string, HostClaim[]>();
  const byOwner = new Map<string, ServiceClaim[]>();
  const byName = new Map<string, ServiceClaim[]>();
  const byHostName = new Map<string, HostClaim[]>();
  const byId = new Map<string, ServiceClaim[]>();
  let isTimeless = true;
  for (const one of inventories) {
    const host = hostClaimOf(one);
    hosts.push(host);
    if (host.time.toMs !== Infinity) isTimeless = false;
    add(byMember, host.member, host);
    add(byHostName, normalHost(host.name), host);
    for (const address of host.addresses) add(byAddress, address, host);
    for (const service of host.services) {
      add(byId, service.id, service);
      for (const address of service.ownAddresses ?? []) add(byOwner, address, service);
      const names = new Set([service.name, ...(service.local.aliases ?? [])].map(normalHost));
      for (const name of names) add(byName, name, service);
    }
  }
  const from =
    <T>(map: Map<string, T[]>) =>
    (key: string): readonly T[] =>
      map.get(key) ?? [];
  return {
    ofMember: from(byMember),
    hosts: from(byAddress),
    owners: from(byOwner),
    named: (name) => byName.get(normalHost(name)) ?? [],
    hostsNamed: (name) => byHostName.get(normalHost(name)) ?? [],
    claims: from(byId),
    all: () => hosts,
    isTimeless,
  };
}

function hostClaimOf({ member, location, inventory, time }: MemberInventory): HostClaim {
  const { host, aliases = [] } = inventory;
  const leads = new Map<string, Point[]>();
  for (const one of aliases)
    add(leads, pointKey(normalHost(one.ip), one.port), { host: normalHost(one.to_ip), port: one.to_port });
  const claim: HostClaim = {
    member,
    location,
    name: host.name,
    addresses: new Set(host.addresses.map(normalHost)),
    gateways: new Set((host.gateways ?? []).map(normalHost)),
    services: [],
    aliases: leads,
    time,
  };
  claim.services = inventory.services.map((local) => ({
    id: serviceId(location, local.name),
    name: local.name,
    host: claim,
    ownAddresses: local.addresses === undefined ? undefined : new Set(local.addresses.map(normalHost)),
    reach: local.reach,
    listeners: local.listeners.map((one) => ({ ...one, address: normalHost(one.address) })),
    local,
  }));
  return claim;
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
