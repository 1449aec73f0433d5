import { addressPlan } from './address-plan.ts';
import { holdNamespaces, pidOf, setUp, startForwarders, type Holders, type Started } from './assembly.ts';
import { labUnavailableReason } from './availability.ts';
import type { Helper } from './helper.ts';
import { makeHost, type Host } from './host.ts';
import { execInside } from './inside.ts';
import { controlLink, type LinkControl } from './link.ts';
import { parseNetwork, readNetwork, type Link, type Network, type NetworkFile } from './network.ts';
import { buildPrograms } from './programs.ts';
import { makeRerouting } from './rerouting.ts';

/** A location. What is called on it happens on its first host. */
export type Location = Host & { hosts: Host[]; host(name: string): Host };

/** A router, for looking at: its routes, its counters. */
export type Router = Pick<Host, 'name' | 'exec'>;

/** A running network. */
export type Lab = {
  network: Network;
  locations: Location[];
  /** In the order of the file. */
  links: LinkControl[];
  /** @throws Error naming the locations there are; so do `link` and `router` */
  location(name: string): Location;
  router(name: string): Router;
  /** The link between two neighbours, in either order. @param name which one, where they share several */
  link(a: string, b: string, name?: string): LinkControl;
  /** Whether the forwarders run at real-time priority, which keeps delays true on a busy machine. */
  realtime: boolean;
  /** Ends every process inside and takes everything down. */
  close(): Promise<void>;
};

export type LabOptions = {
  /** Run the forwarders at real-time priority where that is allowed; true by default. */
  realtime?: boolean;
};

function makeLocations(lab: Started, holders: Holders): Location[] {
  const { network, plan } = lab;
  return network.locations.map((location) => {
    const hosts = location.hosts.map(({ fullName }) => {
      const address = plan.hosts.get(fullName);
      if (address === undefined) throw new Error(`${fullName} has no address`);
      return makeHost(fullName, pidOf(holders.hosts, fullName), address, lab);
    });
    const byName = new Map(location.hosts.map(({ name }, index) => [name, hosts[index]]));
    return {
      ...(hosts[0] as Host),
      hosts,
      host: (name) => byName.get(name) ?? unknown(`host of ${location.name}`, name, [...byName.keys()]),
    };
  });
}

function unknown(kind: string, name: string, known: string[]): never {
  throw new Error(`no ${kind} is named ${name}; there are: ${known.join(', ') || 'none'}`);
}

function findLink(links: LinkControl[], network: Network, a: string, b: string, name?: string): LinkControl {
  const found = links.filter((link, index) => {
    const named = name === undefined || network.links[index]?.name === name;
    return named && a !== b && link.between.includes(a) && link.between.includes(b);
  });
  if (found[0] === undefined) {
    const known = network.links.map((link) => [...link.between, link.name ?? ''].join(' ').trim());
    return unknown('link', [a, b, name ?? ''].join(' ').trim(), known);
  }
  if (found.length > 1) throw new Error(`${a} and ${b} share ${found.length} links: say which by its name`);
  return found[0];
}

async function closeAll(helpers: Helper[]): Promise<void> {
  await Promise.all(helpers.splice(0).map((helper) => helper.close()));
}

async function build(lab: Started, options: LabOptions): Promise<Lab> {
  const { network, programs, helpers } = lab;
  const holders = await holdNamespaces(lab);
  const forwarders = await startForwarders(lab, holders, options.realtime ?? true);
  await setUp(lab, holders);
  const reroute = makeRerouting(lab, holders);
  const links = await Promise.all(
    forwarders.map((forwarder, index) =>
      controlLink(network.links[index] as Link, forwarder, (isCut) => reroute(index, isCut)),
    ),
  );
  const locations = makeLocations(lab, holders);
  const locationNames = network.locations.map(({ name }) => name);
  return {
    network,
    locations,
    links,
    realtime: forwarders.every((forwarder) => forwarder.ready === 'realtime'),
    location: (name) => locations[locationNames.indexOf(name)] ?? unknown('location', name, locationNames),
    router(name) {
      const pid = holders.routers.get(name) ?? unknown('router', name, [...holders.routers.keys()]);
      const where = { enter: programs.enter, pid, name };
      return { name, exec: (command, args, execOptions) => execInside(where, command, args, execOptions) };
    },
    link: (a, b, name) => findLink(links, network, a, b, name),
    close: () => closeAll(helpers),
  };
}

/**
 * Starts a network; about a second later every location reaches every other.
 * @param source the path of a data file, or what such a file would hold
 * @throws Error with every problem of the network, or with the reason why a lab cannot run here
 */
export async function startLab(source: string | NetworkFile, options: LabOptions = {}): Promise<Lab> {
  const network = typeof source === 'string' ? readNetwork(source) : parseNetwork(source);
  const unavailable = labUnavailableReason();
  if (unavailable !== undefined) throw new Error(`a lab cannot run here: ${unavailable}`);
  const lab: Started = { network, plan: addressPlan(network), programs: await buildPrograms(), helpers: [] };
  try {
    return await build(lab, options);
  } catch (error) {
    await closeAll(lab.helpers);
    throw error;
  }
}
