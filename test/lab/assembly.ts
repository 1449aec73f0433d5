import { hostsFile, type AddressPlan } from './address-plan.ts';
import { startHelper, type Helper } from './helper.ts';
import { execInside } from './inside.ts';
import { deviceName, hostScript, routerScript } from './namespace-setup.ts';
import type { Network } from './network.ts';
import type { Programs } from './programs.ts';
import { shortestRoutes } from './routes.ts';

/** A lab in the making: what it is built from, and the helpers to close. */
export type Started = { network: Network; plan: AddressPlan; programs: Programs; helpers: Helper[] };
/** By name, the process that holds the namespaces of a host or a router. */
export type Holders = { hosts: Map<string, number>; routers: Map<string, number> };

async function hold(lab: Started, args: string[], input: string): Promise<number> {
  const holder = await startHelper(lab.programs.hold, args, `${input}\0`);
  lab.helpers.push(holder);
  return Number(holder.ready);
}

/** Makes the namespaces of all hosts and routers, still unconnected. */
export async function holdNamespaces(lab: Started): Promise<Holders> {
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

/** @throws Error when nobody of that name is held */
export function pidOf(holders: Map<string, number>, name: string): number {
  const pid = holders.get(name);
  if (pid === undefined) throw new Error(`nothing holds the namespaces of ${name}`);
  return pid;
}

/** Starts a forwarder for each link, in the order of the file; its devices are there then, still without addresses. */
export async function startForwarders(lab: Started, holders: Holders, realtime: boolean): Promise<Helper[]> {
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

/** Runs a shell script in the namespaces of a process. @throws Error with what the script complained of */
export async function runScript(lab: Started, name: string, pid: number, script: string): Promise<void> {
  const where = { enter: lab.programs.enter, pid, name };
  const { code, stderr } = await execInside(where, 'sh', ['-e'], { input: script, cwd: '/' });
  if (code !== 0) throw new Error(`cannot set up ${name}: ${stderr.trim()}`);
}

/** Gives addresses and routes to all: first the routers, which make the devices of their hosts, then the hosts. */
export async function setUp(lab: Started, holders: Holders): Promise<void> {
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
