import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkPath, startLab, type Lab } from '../lab/index.ts';
import { buildNetring } from '../start/built-netring.ts';
import { createReader, statesOf, statusesOf, type Reader } from './ask.ts';
import { startService, type RunningService } from './running-service.ts';
import { patienceMs, until } from './until.ts';

/** The join token of every ring in the lab. */
export const joinToken = 'join-token-of-the-lab';
/** The view token of every ring in the lab. */
export const viewToken = 'view-token-of-the-lab';

export const locations = ['us1', 'eu1', 'ap1'] as const;
export type LocationName = (typeof locations)[number];
/** Every path between two of them, `us1>eu1`. */
export const allPaths = locations.flatMap((a) => locations.filter((b) => b !== a).map((b) => `${a}>${b}`));

export type Environment = Record<string, string>;

export interface RingOptions {
  registry?: Environment;
  /** For all members, and further down for one. */
  members?: Environment;
  member?: Partial<Record<LocationName, Environment>>;
  /** Something to start in the lab before the registry. */
  before?: (lab: Lab) => Promise<unknown>;
}

/** A registry at us1 and a member in each of three locations, as built, in the lab `three-sites`. */
export interface LabRing {
  lab: Lab;
  folder: string;
  /** Reads from the registry. */
  reader: Reader;
  /** Reads from the member of a location. */
  memberReader(location: LocationName): Promise<Reader>;
  registry: () => RunningService;
  member: (location: LocationName) => RunningService;
  /** Starts the registry once more, as it was started first. */
  startRegistry(): Promise<void>;
  startMember(location: LocationName): Promise<void>;
  /** All paths are ok and all members online. Gives how long that took. */
  whole(): Promise<number>;
  /** What the registry and the members logged. */
  logs: () => string;
  close(): Promise<void>;
}

/** Starts one; it is not whole yet. */
export async function startLabRing(options: RingOptions = {}): Promise<LabRing> {
  await buildNetring();
  const lab = await startLab(networkPath('three-sites'));
  const folder = await mkdtemp(join(tmpdir(), 'netring-lab-ring-'));
  const services = new Map<string, RunningService>();
  const close = async () => {
    await lab.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await options.before?.(lab);
    const ring = await assemble(lab, folder, services, options, close);
    await ring.startRegistry();
    await Promise.all(locations.map((location) => ring.startMember(location)));
    return ring;
  } catch (error) {
    await close();
    throw error;
  }
}

async function assemble(
  lab: Lab,
  folder: string,
  services: Map<string, RunningService>,
  options: RingOptions,
  close: () => Promise<void>,
): Promise<LabRing> {
  const readerOf = async (location: LocationName, port: number) =>
    createReader(`http://127.0.0.1:${(await lab.location(location).expose(port)).port}`, viewToken);
  const reader = await readerOf('us1', 8756);
  const registryUrl = `http://${lab.location('us1').address}:8756`;
  const tokens = { NETRING_TOKEN: joinToken, NETRING_VIEW_TOKEN: viewToken };
  const serviceOf = (name: string) => {
    const found = services.get(name);
    if (found === undefined) throw new Error(`${name} was not started`);
    return found;
  };
  const logs = () => [...services].map(([name, one]) => `--- ${name}\n${one.log()}`).join('\n');
  return {
    lab,
    folder,
    reader,
    memberReader: (location) => readerOf(location, 8757),
    registry: () => serviceOf('registry'),
    member: (location) => serviceOf(location),
    async startRegistry() {
      const environment = { ...tokens, NETRING_DATA_DIR: join(folder, 'store'), ...options.registry };
      services.set('registry', await startService(lab.location('us1'), 'registry', { folder, environment }));
    },
    async startMember(location) {
      const own = {
        NETRING_LOCATION: location,
        NETRING_INSTANCE_ID: `${location}-a`,
        NETRING_REGISTRY_URL: registryUrl,
        // These fill the links: who wants them asks for them.
        NETRING_BANDWIDTH_TEST_INTERVAL: '0',
        NETRING_DISCOVERY: 'false',
      };
      const environment = { ...tokens, ...own, ...options.members, ...options.member?.[location] };
      services.set(location, await startService(lab.location(location), 'member', { folder, environment }));
    },
    whole: () => whole(reader, logs),
    logs,
    close,
  };
}

async function whole(reader: Reader, logs: () => string): Promise<number> {
  let seen = '';
  const { tookMs } = await until(
    'all members online and all paths ok',
    patienceMs,
    async () => {
      const overview = await reader.overview();
      const [states, statuses] = [statesOf(overview), statusesOf(overview)];
      const reasons = overview.location_paths.flatMap((path) => path.reasons);
      seen = JSON.stringify({ states, statuses, reasons });
      return (
        allPaths.every((path) => states[path] === 'ok') &&
        locations.every((location) => statuses[`${location}-a`] === 'online')
      );
    },
    () => `${seen}\n${logs()}`,
  );
  return tookMs;
}
