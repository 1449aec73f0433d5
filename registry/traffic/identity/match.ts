import { isAddress, isInside, normalHost } from '@netring/topology';
import type { ClaimIndex } from './claim-index.ts';
import { inForce, pointKey, type HostClaim, type Point, type ServiceClaim } from './claim.ts';
import type { GroupRule } from './group.ts';
import { listenersAt, ownersAt } from './listening.ts';
import { isLoopback, meansItself } from './loopback.ts';
import { nameScopes } from './name-scope.ts';

/** Who an end is. `by`: which of the ranks said so. */
export type Match =
  | { kind: 'service'; service: ServiceClaim; by: Rank }
  /** A machine of the ring whose process nobody sees; with the port asked for. */
  | { kind: 'host'; host: HostClaim; port?: number; by: Rank }
  /** Came through a published port of that machine, from wherever. */
  | { kind: 'gateway'; host: HostClaim; by: Rank }
  /** Several fit equally, and none is guessed. */
  | { kind: 'unresolved'; candidates: readonly string[]; by: Rank }
  | { kind: 'group'; name: string; by: Rank }
  | { kind: 'external'; by: Rank };

/** In the order they are tried; the first that has anything to say decides. */
export type Rank = 'host' | 'alias' | 'location' | 'routable' | 'name' | 'group' | 'none';

/** Who looks: what an address means depends on where it was seen, and when. */
export interface Viewer {
  member: string;
  location: string;
  atMs: number;
}

/** What matching goes by, beside the claims. */
export interface Surroundings {
  index: ClaimIndex;
  groups: readonly GroupRule[];
  /** Whether members of both locations reach each other at private addresses. */
  reachPrivately: (a: string, b: string) => boolean;
}

/** A network of its own goes no further than the location. */
export interface Target extends Point {
  network?: string;
  transport: 'tcp' | 'udp';
}

const aliasDepth = 3;

/** A listener that was not known then may have been there: its member tells of it a moment later. */
const toldWithinMs = 90_000;

/** The service that listens at a point, or who else stands there. */
export function matchCallee(target: Target, viewer: Viewer, around: Surroundings): Match {
  const then = calleeAt(target, viewer, around);
  if (then.kind === 'service' || around.index.isTimeless) return then;
  const later = calleeAt(target, { ...viewer, atMs: viewer.atMs + toldWithinMs }, around);
  return later.kind === 'service' ? later : then;
}

function calleeAt(target: Target, viewer: Viewer, around: Surroundings): Match {
  const point = { ...target, host: normalHost(target.host) };
  if (!isAddress(point.host)) return byName(point, viewer, around);
  return (
    onOwnHost(point, viewer, around) ??
    throughAlias(point, viewer, around, aliasDepth) ??
    inLocation(point, viewer, around) ??
    (target.network === undefined ? acrossLocations(point, viewer, around) : undefined) ??
    outside(point.host, around)
  );
}

/** Who asks from an address: a machine or a container of it. The port of who asks says nothing. */
export function matchCaller(
  source: Point & { network?: string },
  viewer: Viewer,
  around: Surroundings,
): Match {
  const host = normalHost(source.host);
  if (!isAddress(host)) return byName({ host, transport: 'tcp' }, viewer, around);
  const { index } = around;
  const own = ownHosts(viewer, index);
  const self = own[0];
  if (self !== undefined) {
    if (meansItself(host, own) || own.some((one) => one.addresses.has(host) && !one.gateways.has(host)))
      return { kind: 'host', host: self, by: 'host' };
    const owned = oneService(ownersAt(index, host, viewer.atMs, own), 'host');
    if (owned !== undefined) return owned;
    const bridge = own.find((one) => one.gateways.has(host));
    if (bridge !== undefined) return { kind: 'gateway', host: bridge, by: 'host' };
  }
  const near = hostsAt(index, host, viewer).filter(({ location }) => location === viewer.location);
  const owners = reachable(ownersAt(index, host, viewer.atMs), viewer.location);
  const found = oneService(owners, 'location') ?? oneHost(near, undefined, 'location');
  if (found !== undefined) return found;
  const far = hostsAt(index, host, viewer).filter(({ location }) => location !== viewer.location);
  const isMeant = source.network === undefined && (!isInside(host) || isRoutedTo(host, far, viewer, around));
  return (isMeant ? oneHost(far, undefined, 'routable') : undefined) ?? outside(host, around);
}

function onOwnHost(
  point: Target & { port?: number },
  viewer: Viewer,
  around: Surroundings,
): Match | undefined {
  const own = ownHosts(viewer, around.index);
  const self = own[0];
  if (meansItself(point.host, own))
    return self === undefined
      ? { kind: 'external', by: 'none' }
      : (oneService(
          own.flatMap((one) => listenersAt(one, point)),
          'host',
        ) ?? hostMatch(self, point.port, 'host'));
  if (self === undefined) return undefined;
  const owners = ownersAt(around.index, point.host, viewer.atMs, own);
  const bearers = own.filter((one) => one.addresses.has(point.host) || one.gateways.has(point.host));
  const listening =
    owners.length > 0 ? withPort(owners, point) : bearers.flatMap((one) => listenersAt(one, point));
  return oneService(listening, 'host');
}

/** Published ports and virtual addresses: the member's own, and published ports of other machines of the location. */
function throughAlias(point: Target, viewer: Viewer, around: Surroundings, depth: number): Match | undefined {
  if (point.port === undefined || depth === 0) return undefined;
  const own = ownHosts(viewer, around.index);
  const near = hostsAt(around.index, point.host, viewer).filter(
    ({ location }) => location === viewer.location,
  );
  for (const hosts of [own, near]) {
    const matches = hosts.flatMap((host) =>
      leads(host, point.host, point.port as number).map((to) =>
        behind({ ...to, transport: point.transport }, { ...viewer, member: host.member }, around, depth - 1),
      ),
    );
    const services = matches.flatMap((one) => (one?.kind === 'service' ? [one.service] : []));
    const found = oneService(services, 'alias');
    if (found !== undefined) return found;
  }
  return undefined;
}

function behind(point: Target, viewer: Viewer, around: Surroundings, depth: number): Match | undefined {
  return (
    onOwnHost(point, viewer, around) ??
    throughAlias(point, viewer, around, depth) ??
    inLocation(point, viewer, around)
  );
}

/** A published port stands on every address of its machine when it is bound to all. */
function leads(host: HostClaim, address: string, port: number): readonly Point[] {
  const exact = host.aliases.get(pointKey(address, port));
  if (exact !== undefined) return exact;
  if (!host.addresses.has(address)) return [];
  return host.aliases.get(pointKey('0.0.0.0', port)) ?? host.aliases.get(pointKey('::', port)) ?? [];
}

function inLocation(point: Target, viewer: Viewer, around: Surroundings): Match | undefined {
  const hosts = hostsAt(around.index, point.host, viewer).filter(
    ({ location }) => location === viewer.location,
  );
  const owners = reachable(ownersAt(around.index, point.host, viewer.atMs), viewer.location);
  const listening = [...withPort(owners, point), ...hosts.flatMap((one) => listenersAt(one, point))];
  return oneService(listening, 'location') ?? oneHost(hosts, point.port, 'location');
}

/**
 * Machines of other locations. A public address means the same everywhere. A private one does only when exactly one
 * machine bears it and the two locations reach each other at private addresses; else it stays in doubt.
 */
function acrossLocations(point: Target, viewer: Viewer, around: Surroundings): Match | undefined {
  const far = hostsAt(around.index, point.host, viewer).filter(
    ({ location }) => location !== viewer.location,
  );
  const [host] = far;
  if (host === undefined) return undefined;
  const listening = far.flatMap((one) => listenersAt(one, point));
  const isRouted = !isInside(point.host) || isRoutedTo(point.host, far, viewer, around);
  if (!isRouted) return listening.length > 0 ? ambiguous(listening, 'routable') : undefined;
  const from = { ...viewer, member: host.member, location: host.location };
  const behindIt = isSeveral(far) ? undefined : throughAlias(point, from, around, aliasDepth);
  return oneService(listening, 'routable') ?? behindIt ?? oneHost(far, point.port, 'routable');
}

/** Whether a private address of another location means the same from here. */
function isRoutedTo(
  host: string,
  far: readonly HostClaim[],
  viewer: Viewer,
  { reachPrivately }: Surroundings,
): boolean {
  const isThere = (one: HostClaim) => isLoopback(host) || reachPrivately(viewer.location, one.location);
  return !isSeveral(far) && far.every(isThere);
}

function byName(point: Target, viewer: Viewer, around: Surroundings, isPeer = false): Match {
  const { index } = around;
  const named = inForce(index.named(point.host), ({ host }) => host.time, viewer.atMs);
  const machines = inForce(index.hostsNamed(point.host), ({ time }) => time, viewer.atMs);
  for (const { holds, leadsTo } of nameScopes(point.host, viewer, ownHosts(viewer, index), isPeer)) {
    const services = named.filter((one) => holds(one.host) && leadsTo(one));
    const found = oneService(withPort(services, point), 'name') ?? oneService(services, 'name');
    if (found !== undefined) return found;
    const hosts = machines.filter(holds);
    const listening = hosts.flatMap((one) =>
      [...one.addresses].flatMap((host) => listenersAt(one, { ...point, host })),
    );
    const machine = oneService(listening, 'name') ?? oneHost(hosts, point.port, 'name');
    if (machine !== undefined) return machine;
  }
  return outside(point.host, around);
}

/** A service by the name that traffic gave it. */
export function matchPeer(name: string, viewer: Viewer, around: Surroundings): Match {
  return byName({ host: normalHost(name), transport: 'tcp' }, viewer, around, true);
}

function outside(host: string, { groups }: Surroundings): Match {
  const group = groups.find((one) => one.holds(host));
  return group === undefined
    ? { kind: 'external', by: 'none' }
    : { kind: 'group', name: group.name, by: 'group' };
}

function ownHosts(viewer: Viewer, index: ClaimIndex): HostClaim[] {
  return inForce(index.ofMember(viewer.member), ({ time }) => time, viewer.atMs);
}

/** A loopback address is on this machine, whoever else bears the same: only members that share it are meant. */
function hostsAt(index: ClaimIndex, address: string, viewer: Viewer): HostClaim[] {
  const hosts = inForce(index.hosts(address), ({ time }) => time, viewer.atMs);
  if (!isLoopback(address) || hosts.length === 0) return hosts;
  const machines = new Set(ownHosts(viewer, index).map(({ name }) => name));
  return hosts.filter(({ name }) => machines.has(name));
}

/** Addresses that only their own machine knows mean nothing from elsewhere. */
function reachable(owners: readonly ServiceClaim[], location: string): ServiceClaim[] {
  return owners.filter((one) => one.reach === 'location' && one.host.location === location);
}

/**
 * Owners of an address that listen at the port. One that alone has the address is meant also where its listener was
 * not seen: nobody else is there.
 */
function withPort(owners: readonly ServiceClaim[], point: Target): ServiceClaim[] {
  if (point.port === undefined) return [...owners];
  const { port, transport } = point;
  const listening = owners.filter((one) =>
    one.listeners.some((at) => at.port === port && at.transport === transport),
  );
  if (listening.length > 0) return listening;
  return isAddress(point.host) && new Set(owners.map(({ id }) => id)).size === 1 ? [...owners] : [];
}

function oneService(services: readonly ServiceClaim[], by: Rank): Match | undefined {
  const [first] = services;
  if (first === undefined) return undefined;
  return services.every(({ id }) => id === first.id)
    ? { kind: 'service', service: first, by }
    : ambiguous(services, by);
}

function oneHost(hosts: readonly HostClaim[], port: number | undefined, by: Rank): Match | undefined {
  const [first] = hosts;
  if (first === undefined) return undefined;
  return isSeveral(hosts)
    ? { kind: 'unresolved', candidates: [...new Set(hosts.map(hostId))].sort(), by }
    : hostMatch(first, port, by);
}

function ambiguous(services: readonly ServiceClaim[], by: Rank): Match {
  const candidates = [...new Set(services.map(({ id }) => id))].sort();
  return { kind: 'unresolved', candidates, by };
}

function hostMatch(host: HostClaim, port: number | undefined, by: Rank): Match {
  return { kind: 'host', host, ...(port === undefined ? {} : { port }), by };
}

/** Several members may be on one machine. */
function isSeveral(hosts: readonly HostClaim[]): boolean {
  return new Set(hosts.map(hostId)).size > 1;
}

export function hostId({ location, name }: HostClaim): string {
  return `host:${location}/${name}`;
}
