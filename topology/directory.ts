import { isInside, normalHost } from './address.ts';
import { nameOfHost, replicaGroup } from './name.ts';
import type { Limits } from './limits.ts';
import type { Listener, ServiceEntry } from './entries.ts';
import type { Endpoint } from './observation.ts';
import { protocolOfPort, type Protocol } from './protocol.ts';

/** The asking end, whose port hardly matters. */
type Caller = Omit<Endpoint, 'port'> & { port?: number };

interface Callee {
  service: ServiceEntry;
  /** Absent when the service has more of them than are kept. */
  listener: Listener | undefined;
}

interface HostEntry {
  /** Of the service that stands for the host, should one be needed. */
  readonly id: string;
  readonly name: string;
  readonly network: string;
  readonly isInside: boolean;
  service: ServiceEntry | undefined;
  /** What is known to listen there, the newest protocol for every port. */
  readonly ports: Map<number, Listener>;
}

/** Everything beyond the limit, in one node. */
export const othersId = 'others';

export interface DirectoryOptions {
  limits: Limits;
  /** Whether a caller is known by its host, whatever its port. */
  foldClients: boolean;
  /** Whether numbered replicas are one service. */
  foldReplicas: boolean;
  /** Names that people gave, of `host`, `host:port`, and both with `network/` before them. */
  nameOf: (address: string) => string | undefined;
  /** Whether any name is for a `host:port`. */
  namesPorts: () => boolean;
}

/** Which services there are, and which of them an endpoint belongs to. */
export class Directory {
  readonly services = new Map<string, ServiceEntry>();
  /** By network, then by host as {@link normalHost} writes it. */
  readonly #hosts = new Map<string, Map<string, HostEntry>>();
  readonly #options: DirectoryOptions;
  readonly #freeIndexes: number[] = [];
  #hostCount = 0;
  /** Times that a service found no room and was folded into `others`. */
  folded = 0;

  constructor(options: DirectoryOptions) {
    this.#options = options;
  }

  /** The service that asked. */
  caller(end: Caller, nowMs: number): ServiceEntry {
    if (end.service !== undefined) return this.named(end.service, end.name, nowMs, end.network);
    if (this.#options.foldClients) return this.#serviceOf(this.#hostOf(end), nowMs);
    return this.named(`${placeOf(end)}:${end.port ?? 0}`, undefined, nowMs, end.network);
  }

  /** What is spoken there: what the observation says, unless that is only TCP and the listener is known better. */
  spoken(end: Caller, said: Protocol | undefined): Protocol {
    if (said !== undefined && said !== 'tcp') return said;
    const known = this.#hosts
      .get(end.network ?? '')
      ?.get(end.host)
      ?.ports.get(end.port ?? 0)?.protocol;
    return known ?? protocolOfPort(end.port ?? 0);
  }

  /** The service that answered, and its listener. `isSure` is false where only a flow says who listens. */
  callee(end: Endpoint, protocol: Protocol, nowMs: number, isSure: boolean): Callee {
    const host = this.#hostOf(end);
    const known = host.ports.get(end.port);
    if (known?.protocol === protocol && (end.service === undefined || known.service.id === end.service)) {
      if (nowMs > known.lastSeenMs) known.lastSeenMs = nowMs;
      else if (nowMs < known.firstSeenMs) known.firstSeenMs = nowMs;
      known.isSure ||= isSure;
      return { service: known.service, listener: known };
    }
    const service = this.#calleeAt(end, host, known, nowMs);
    const listener = this.listens(service, normalHost(end.host), end.port, protocol, nowMs, isSure);
    if (
      listener !== undefined &&
      (host.ports.has(end.port) || host.ports.size < this.#options.limits.endpoints)
    )
      host.ports.set(end.port, listener);
    return { service, listener };
  }

  /** Whether something surely listens there. */
  isListener(end: Caller): boolean {
    const host = this.#hosts.get(end.network ?? '')?.get(end.host);
    return host?.ports.get(end.port ?? 0)?.isSure === true;
  }

  /** A service by its id, made when there is none. */
  named(id: string, name: string | undefined, nowMs: number, network?: string): ServiceEntry {
    const known = this.services.get(id);
    if (known !== undefined) {
      if (name !== undefined && known.name !== name) known.name = name;
      if (nowMs < known.firstSeenMs) known.firstSeenMs = nowMs;
      return known;
    }
    if (this.services.size >= this.#options.limits.services && id !== othersId) {
      this.folded++;
      return this.named(othersId, undefined, nowMs);
    }
    return this.#added(id, name ?? id, nowMs, network, true);
  }

  /** A service as another reporter knows it. */
  ofReporter(
    id: string,
    name: string,
    firstSeenMs: number,
    network: string | undefined,
    inside: boolean,
  ): ServiceEntry {
    if (!this.services.has(id) && this.services.size < this.#options.limits.services)
      return this.#added(id, name, firstSeenMs, network, inside);
    return this.named(id, name, firstSeenMs, network);
  }

  /** Notes that a service listens somewhere; `undefined` when it has too many listeners to remember this one. */
  listens(
    service: ServiceEntry,
    host: string,
    port: number,
    protocol: Protocol,
    nowMs: number,
    isSure: boolean,
  ): Listener | undefined {
    const key = `${host} ${port} ${protocol}`;
    const known = service.listeners.get(key);
    if (known !== undefined) {
      known.firstSeenMs = Math.min(known.firstSeenMs, nowMs);
      known.lastSeenMs = Math.max(known.lastSeenMs, nowMs);
      known.isSure ||= isSure;
      return known;
    }
    if (service.listeners.size >= this.#options.limits.endpoints) {
      service.moreListeners++;
      return undefined;
    }
    const listener = { host, port, protocol, service, firstSeenMs: nowMs, lastSeenMs: nowMs, isSure };
    service.listeners.set(key, listener);
    return listener;
  }

  /** Forgets services that nothing refers to, and listeners and hosts with them. */
  sweep(oldestMs: number): void {
    for (const service of this.services.values()) {
      if (service.tracks > 0) {
        for (const [key, one] of service.listeners)
          if (one.lastSeenMs < oldestMs) service.listeners.delete(key);
        if (service.listeners.size < this.#options.limits.endpoints) service.moreListeners = 0;
        continue;
      }
      this.services.delete(service.id);
      this.#freeIndexes.push(service.index);
    }
    for (const [network, hosts] of this.#hosts) {
      for (const [host, entry] of hosts) this.#sweepHost(hosts, host, entry, oldestMs);
      if (hosts.size === 0) this.#hosts.delete(network);
    }
  }

  /** A service that came back has a new entry: the old one must not be counted on. */
  #isHere(service: ServiceEntry | undefined): boolean {
    return service !== undefined && this.services.get(service.id) === service;
  }

  #sweepHost(hosts: Map<string, HostEntry>, host: string, entry: HostEntry, oldestMs: number): void {
    for (const [port, one] of entry.ports)
      if (one.lastSeenMs < oldestMs || !this.#isHere(one.service)) entry.ports.delete(port);
    if (!this.#isHere(entry.service)) entry.service = undefined;
    if (entry.service !== undefined || entry.ports.size > 0) return;
    hosts.delete(host);
    this.#hostCount--;
  }

  #hostOf(end: Caller): HostEntry {
    const network = end.network ?? '';
    const hosts = this.#hosts.get(network);
    const known = hosts?.get(end.host);
    if (known !== undefined) return known;
    const host = normalHost(end.host);
    return (host === end.host ? undefined : hosts?.get(host)) ?? this.#newHost(network, host);
  }

  #newHost(network: string, host: string): HostEntry {
    const place = network === '' ? host : `${network}/${host}`;
    const given = this.#options.nameOf(place);
    const group = this.#options.foldReplicas ? replicaGroup(host) : host;
    const id = given ?? (network === '' ? group : `${network}/${group}`);
    const name = given ?? nameOfHost(group);
    const entry: HostEntry = {
      id,
      name,
      network,
      isInside: isInside(group),
      service: undefined,
      ports: new Map(),
    };
    if (this.#hostCount >= this.#options.limits.hosts) return entry;
    let hosts = this.#hosts.get(network);
    if (hosts === undefined) this.#hosts.set(network, (hosts = new Map<string, HostEntry>()));
    hosts.set(host, entry);
    this.#hostCount++;
    return entry;
  }

  #serviceOf(host: HostEntry, nowMs: number): ServiceEntry {
    const known = host.service;
    if (known !== undefined) {
      if (nowMs < known.firstSeenMs) known.firstSeenMs = nowMs;
      return known;
    }
    const { id, name, network } = host;
    const found = this.services.get(id);
    const isFull = found === undefined && this.services.size >= this.#options.limits.services;
    if (isFull) return this.named(id, undefined, nowMs);
    host.service = found ?? this.#added(id, name, nowMs, network === '' ? undefined : network, host.isInside);
    return host.service;
  }

  #calleeAt(end: Endpoint, host: HostEntry, known: Listener | undefined, nowMs: number): ServiceEntry {
    if (end.service !== undefined) return this.named(end.service, end.name, nowMs, end.network);
    const given = this.#options.namesPorts()
      ? this.#options.nameOf(`${placeOf(end)}:${end.port}`)
      : undefined;
    if (given !== undefined) return this.named(given, undefined, nowMs, end.network);
    // Somebody who knew the process has said who listens here.
    return known?.service ?? this.#serviceOf(host, nowMs);
  }

  #added(
    id: string,
    name: string,
    nowMs: number,
    network: string | undefined,
    inside: boolean,
  ): ServiceEntry {
    const index = this.#freeIndexes.pop() ?? this.services.size;
    const service: ServiceEntry = {
      index,
      id,
      name,
      network,
      isInside: inside,
      firstSeenMs: nowMs,
      listeners: new Map(),
      moreListeners: 0,
      out: new Map(),
      tracks: 0,
      callerFilter: undefined,
      annotation: undefined,
    };
    this.services.set(id, service);
    return service;
  }
}

function placeOf(end: Caller): string {
  const host = normalHost(end.host);
  return end.network === undefined || end.network === '' ? host : `${end.network}/${host}`;
}
