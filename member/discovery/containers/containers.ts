import type { Logger } from '@netring/service/log';
import { networkInterfaces } from 'node:os';
import { monotonicMs } from '../../clock.ts';
import type { Collector, SourceBook } from '../collector.ts';
import { AddressTable } from './address-table.ts';
import { followDocker } from './docker.ts';
import { aliasesOf, servicesOf, type ContainerSnapshot } from './facts.ts';
import { followKubernetes, type KubernetesAccess } from './kubernetes.ts';

export interface ContainersOptions {
  collector: Collector;
  /** Docker's, or Podman's compatible one; absent: never asked. */
  dockerSocket?: string;
  /** Absent: never asked. */
  kubernetes?: KubernetesAccess;
  log: Logger;
  /** Monotonic milliseconds. */
  now?: () => number;
  /** What published ports are reached at; by default every address of this network namespace. */
  hostAddresses?: () => readonly string[];
  /** Told when bridges have changed. */
  onGateways?: (gateways: readonly string[]) => void;
  /** For tests: how long to wait before an absent socket is tried again, and after an event, milliseconds. */
  retryMs?: number;
  settleMs?: number;
}

/** What is known of the containers of this host. */
export interface Containers {
  /** The name of the container with this id, or with an id that begins so (12 digits at least). */
  nameOf(containerId: string): string | undefined;
  /** The id of the container with this id, beginning of an id, host name, pod uid or `namespace/pod`. */
  containerOf(key: string): string | undefined;
  /**
   * The name of the container that had this address then; `undefined` when none or several had.
   * @param network as Docker names it; absent: in whichever @param atMs on the clock of `now`
   */
  nameAt(network: string | undefined, address: string, atMs: number): string | undefined;
  /** Addresses of bridges: traffic through a published port seems to come from them. */
  gateways(): readonly string[];
  stop(): Promise<void>;
}

const retryMs = 30_000;
const settleMs = 200;
const lookMs = 30_000;
const podLookMs = 10_000;

/** Learns names and addresses of this host's containers from Docker and Kubernetes, as far as they may be asked. */
export function startContainers(options: ContainersOptions): Containers {
  const { collector, now = monotonicMs, hostAddresses = ownAddresses } = options;
  const ended = new AbortController();
  const table = new AddressTable();
  const snapshots = new Map<string, ContainerSnapshot>();
  let index = new Map<string, string>();
  let names = new Map<string, string>();
  let gateways: readonly string[] = [];

  const take = (teller: string, snapshot: ContainerSnapshot): void => {
    snapshots.set(teller, snapshot);
    const services = servicesOf(snapshot.containers);
    collector.services(teller, services);
    collector.aliases(teller, aliasesOf(snapshot.containers, hostAddresses()));
    const all = [...snapshots.values()];
    const containers = all.flatMap((one) => one.containers);
    names = new Map(servicesOf(containers).map(({ container_id = '', name }) => [container_id, name]));
    index = indexOf(containers);
    const nameOf = (id: string) => names.get(id) ?? id;
    table.update(
      containers.flatMap(({ id, addresses }) =>
        addresses.map((one) => ({ ...one, containerId: id, name: nameOf(id) })),
      ),
      now(),
    );
    const next = [...new Set(all.flatMap((one) => one.gateways))].sort();
    if (next.join() === gateways.join()) return;
    gateways = next;
    options.onGateways?.(gateways);
  };
  const running = [
    ...(options.dockerSocket === undefined
      ? []
      : [askDocker(options, options.dockerSocket, ended.signal, take)]),
    ...(options.kubernetes === undefined
      ? []
      : [askKubernetes(options, options.kubernetes, ended.signal, take)]),
  ];
  const containerOf = (key: string) => index.get(key) ?? index.get(key.slice(0, 12).toLowerCase());
  return {
    nameOf: (id) => names.get(containerOf(id) ?? ''),
    containerOf(key) {
      const found = containerOf(key);
      // The first 12 digits are how Docker shortens an id; more than that has to fit as well.
      return found !== undefined && (index.get(key) === found || found.startsWith(key)) ? found : undefined;
    },
    nameAt: (network, address, atMs) => table.nameAt(network, address, atMs),
    gateways: () => gateways,
    async stop() {
      ended.abort();
      await Promise.all(running);
    },
  };
}

/** Ids by everything that means a container: a key that means two means none. */
function indexOf(containers: ContainerSnapshot['containers']): Map<string, string> {
  const index = new Map<string, string>();
  const clashing = new Set<string>();
  for (const { id, keys } of containers) {
    for (const key of [id, id.slice(0, 12), ...keys]) {
      const known = index.get(key);
      if (known !== undefined && known !== id) clashing.add(key);
      index.set(key, id);
    }
  }
  for (const key of clashing) index.delete(key);
  return index;
}

type Take = (teller: string, snapshot: ContainerSnapshot) => void;

async function askDocker(
  { collector, log, ...options }: ContainersOptions,
  socketPath: string,
  signal: AbortSignal,
  take: Take,
): Promise<void> {
  const book = collector.source('containers', `Docker at ${socketPath}`);
  const tell = stateTeller(book, log, 'Docker');
  tell('off', `${socketPath} has not answered yet`);
  await followDocker({
    socketPath,
    signal,
    retryMs: options.retryMs ?? retryMs,
    settleMs: options.settleMs ?? settleMs,
    lookMs,
    onSnapshot(snapshot, left) {
      take('docker', snapshot);
      book.taken(snapshot.containers.length, Date.now());
      if (left === 0) tell('ok');
      else tell('limited', `${left} containers are beyond what is looked at`);
    },
    onTrouble: (code) => tell(code === 'EACCES' ? 'limited' : 'off', dockerAdvice(code, socketPath)),
  });
  book.close();
}

function dockerAdvice(code: string, socketPath: string): string {
  if (code === 'ENOENT')
    return `there is no ${socketPath}: containers are known by their ids. Mount Docker's socket read-only, or name it in NETRING_DOCKER_SOCKET`;
  if (code === 'EACCES')
    return `${socketPath} may not be read: put the member's user into the group that owns it`;
  return `${socketPath} does not answer (${code}): names of containers may be out of date`;
}

async function askKubernetes(
  { collector, log }: ContainersOptions,
  access: KubernetesAccess,
  signal: AbortSignal,
  take: Take,
): Promise<void> {
  const book = collector.source('containers', `Kubernetes at ${access.apiUrl}`);
  const tell = stateTeller(book, log, 'Kubernetes');
  book.losses([`Pods that live shorter than ${podLookMs / 1000} s may be missed.`]);
  await followKubernetes({
    access,
    signal,
    lookMs: podLookMs,
    onSnapshot(snapshot) {
      take('kubernetes', snapshot);
      book.taken(snapshot.containers.length, Date.now());
      tell('ok');
    },
    onTrouble: (reason) => tell('limited', kubernetesAdvice(reason)),
  });
  book.close();
}

function kubernetesAdvice(reason: string): string {
  if (reason === 'HTTP 403' || reason === 'HTTP 401')
    return `the API server refuses to list pods (${reason}): give the service account "get" and "list" on pods`;
  if (reason.includes('ENOTFOUND'))
    return `${reason}: a pod with the host's network needs dnsPolicy ClusterFirstWithHostNet`;
  return `the API server does not tell pods (${reason.slice(0, 200)}): they are known by their ids`;
}

/** Says a state once, to the book and to the log. */
function stateTeller(book: SourceBook, log: Logger, who: string) {
  let before = '';
  return (state: 'ok' | 'limited' | 'off', reason?: string): void => {
    const text = `${state} ${reason ?? ''}`;
    if (text === before) return;
    before = text;
    book.state(state, reason);
    log.debug({ state, reason }, `names of containers: ${who}`);
  };
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
}
