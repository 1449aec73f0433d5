import assert from 'node:assert/strict';
import type { AddressAlias, Inventory, LocalService } from '@netring/contract/inventory';
import { indexClaims, type MemberInventory } from './claim-index.ts';
import { groupRuleOf } from './group.ts';
import { hostId, type Match, type Surroundings, type Viewer } from './match.ts';

/** `name@address:port`, a container's with `name@172.17.0.2/address:port`, as its own machine or the location knows it. */
export function serviceOf(text: string, reach: LocalService['reach'] = 'host'): LocalService {
  const [name = '', place = ''] = text.split('@');
  const [bound = '', own] = place.split('/').reverse();
  const at = bound.lastIndexOf(':');
  return {
    name,
    name_rule: 'process',
    start_mode: 'native',
    reach,
    ...(own === undefined ? {} : { addresses: [own] }),
    listeners: [{ address: bound.slice(0, at), port: Number(bound.slice(at + 1)), transport: 'tcp' }],
    aliases: [`${name}.alias`],
  };
}

export interface Machine {
  member: string;
  location?: string;
  /** The machine's name; `host-<member>` when absent. */
  host?: string;
  addresses: string[];
  services: (string | LocalService)[];
  aliases?: AddressAlias[];
  gateways?: string[];
  from?: number;
  to?: number;
  live?: boolean;
}

function inventoryOf(machine: Machine): MemberInventory {
  const { member, location = 'L1', addresses, services, from = 0, to = Infinity, live = true } = machine;
  const inventory: Inventory = {
    host: { name: machine.host ?? `host-${member}`, addresses, gateways: machine.gateways ?? [] },
    services: services.map((one) => (typeof one === 'string' ? serviceOf(one) : one)),
    aliases: machine.aliases ?? [],
    sources: [],
  };
  return { member, location, inventory, time: { fromMs: from, toMs: to, isLive: live } };
}

export interface Situation {
  machines: Machine[];
  reach?: [string, string][];
  groups?: string[];
}

/** What matching goes by where these machines are all there are. */
export function around({ machines, reach = [], groups = [] }: Situation): Surroundings {
  return {
    index: indexClaims(machines.map(inventoryOf)),
    groups: groups.map((text) => groupRuleOf(text) ?? assert.fail(text)),
    reachPrivately: (a: string, b: string) =>
      reach.some(([x, y]) => (x === a && y === b) || (x === b && y === a)),
  };
}

/** A match as a short text. */
export function told(match: Match): string {
  switch (match.kind) {
    case 'service':
      return `${match.service.id} by ${match.by}`;
    case 'host':
      return `${hostId(match.host)}${match.port === undefined ? '' : `:${match.port}`} by ${match.by}`;
    case 'gateway':
      return `gateway of ${match.host.name}`;
    case 'unresolved':
      return `one of ${match.candidates.join(', ')}`;
    case 'group':
      return `group ${match.name}`;
    case 'external':
      return 'external';
  }
}

export const viewer = (member: string, location = 'L1', atMs = 1_000): Viewer => ({ member, location, atMs });

export const a: Machine = {
  member: 'a',
  addresses: ['10.0.0.1'],
  services: ['web@0.0.0.0:80', 'admin@127.0.0.1:81'],
};
export const b: Machine = {
  member: 'b',
  addresses: ['10.0.0.2'],
  services: ['db@10.0.0.2:5432', 'cache@:::6379'],
};
export const far: Machine = {
  member: 'f',
  location: 'L2',
  addresses: ['10.9.0.1', '203.0.113.1'],
  services: ['api@0.0.0.0:443', 'inner@10.9.0.1:90'],
};
export const container = serviceOf('shop@172.17.0.2/0.0.0.0:8080');
