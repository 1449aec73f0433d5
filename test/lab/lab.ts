import { addressPlan, hostsFile, type AddressPlan } from './address-plan.ts';
import { labUnavailableReason } from './availability.ts';
import { startHelper, type Helper } from './helper.ts';
import { makeHost, type Host } from './host.ts';
import { execInside } from './inside.ts';
import { controlLink, type LinkControl } from './link.ts';
import { deviceName, hostScript, routeChanges, routerScript, routeTable } from './namespace-setup.ts';
import { parseNetwork, readNetwork, type Network, type NetworkFile } from './network.ts';
import { buildPrograms, type Programs } from './programs.ts';
import { shortestRoutes } from './routes.ts';

/** A location. What is called on it happens on its first host. */
export type Location = Host & { hosts: Host[]; host(name: string): Host };

/** A router, for looking at: its routes, its counters. */
export type Router = Pick<Host, 'name' | 'exec'>;

/** A running network. */
export type Lab = {
  network: Network;
  locations: Location[];
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

type Started = { network: Network; plan: AddressPlan; programs: Programs; helpers: Helper[] };
type Holders = { hosts: Map<string, number>; routers: Map<string, number> };

async function hold(lab: Started, args: string[], input: string): Promise<number> {
  const holder = await startHelper(lab.programs.hold, args, `${input}\0`);
  lab.helpers.push(holder);
  return Number(holder.ready);
}

async function holdNamespaces(lab: Started): Promise<Holders> {
  const file = hostsFile(lab.network, lab.plan);
  const hostNames = [...lab.plan.hosts.keys()];
  const [hosts, routers] = await Promise.all([
    Promise.all(hostNames.map(async (name) => [name, await hold(lab, ['host', name], file)] as const)),
    Promise.all(
      lab.network.routers.map(async ({ name }) => [name, await hold(lab, ['router'], '')] as const),
    ),
  ]);
  return { hosts: new Map(hosts), routers: new Map(routers) };
}

function pidOf(holders: Map<string, number>, name: string): number {
  const pid = holders.get(name);
  if (pid === undefined) throw new Error(`nothing holds the namespaces of ${name}`);
  return pid;
}

async function startForwarders(lab: Started, holders: Holders, realtime: boolean): Promise<Helper[]> {
  return Promise.all(
    lab.network.links.map(async ({ between }, index) => {
      const pids = between.map((name) => String(pidOf(holders.routers, name)));
      const flags = realtime ? ['--realtime'] : [];
      const forwarder = await startHelper(lab.programs.forwarder, [...pids, deviceName(index), ...flags]);
      lab.helpers.push(forwarder);
      return forwarder;
    }),
  );
}

async function runScript(lab: Started, name: string, pid: number, script: string): Promise<void> {
  const where = { enter: lab.programs.enter, pid, name };
  const { code, stderr } = await execInside(where, 'sh', ['-e'], { input: script, cwd: '/' });
  if (code !== 0) throw new Error(`cannot set up ${name}: ${stderr.trim()}`);
}

async function setUp(lab: Started, holders: Holders): Promise<void> {
  const { network, plan } = lab;
  const routes = shortestRoutes(network);
  const hostsOf = (location: string) => network.locations.find(({ name }) => name === location)?.hosts ?? [];
  await Promise.all(
    network.routers.map((router) => {
      const hostPids = hostsOf(router.name).map((host) => pidOf(holders.hosts, host.fullName));
      const text = routerScript(router, network, plan, routes, hostPids);
      return runScript(lab, router.name, pidOf(holders.routers, router.name), text);
    }),
  );
  await Promise.all(
    network.locations.flatMap((location) =>
      location.hosts.map(async ({ fullName }) => {
        const [address, gateway] = [plan.hosts.get(fullName), plan.gateways.get(location.name)];
        if (address === undefined || gateway === undefined) throw new Error(`${fullName} has no address`);
        await runScript(lab, fullName, pidOf(holders.hosts, fullName), hostScript(address, gateway));
      }),
    ),
  );
}

/** Moves routes around cut links, where the network allows it; changes are made one after the other. */
function makeRerouting(lab: Started, holders: Holders): (link: number, isCut: boolean) => Promise<void> {
  const { network, plan } = lab;
  const cut = new Set<number>();
  let current = shortestRoutes(network);
  let last = Promise.resolve();
  const follow = async () => {
    const wanted = shortestRoutes(network, cut);
    const before = current;
    current = wanted;
    await Promise.all(
      network.routers.map(async ({ name }) => {
        const [from, to] = [before, wanted].map((routes) => routeTable(name, network, plan, routes));
        const script = from && to ? routeChanges(from, to) : '';
        if (script !== '') await runScript(lab, name, pidOf(holders.routers, name), script);
      }),
    );
  };
  return (link, isCut) => {
    if (!network.reroute || cut.has(link) === isCut) return Promise.resolve();
    if (isCut) cut.add(link);
    else cut.delete(link);
    last = last.catch(() => undefined).then(follow);
    return last;
  };
}

function makeLocations({ network, plan, programs }: Started, holders: Holders): Location[] {
  return network.locations.map((location) => {
    const hosts = location.hosts.map(({ fullName }) => {
      const address = plan.hosts.get(fullName);
      if (address === undefined) throw new Error(`${fullName} has no address`);
      return makeHost(fullName, pidOf(holders.hosts, fullName), address, programs);
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
      controlLink(network.links[index] as Network['links'][number], forwarder, (isCut) =>
        reroute(index, isCut),
      ),
    ),
  );
  const locations = makeLocations(lab, holders);
  const locationNames = network.locations.map(({ name }) => name);
  return {
    network,
    locations,
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
