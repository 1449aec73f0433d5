import type { AddressAlias, Inventory, LocalService, SourceHealth } from '@netring/contract/inventory';
import type { LiveRequest, TrafficSignals } from '@netring/contract/traffic';
import type { ObservationOutcome, TrafficObservation } from '@netring/topology';

/** Where one source says how it does, so that what it may miss stands beside what it saw. */
export interface SourceBook {
  /** Counts lines, spans or sockets that were used; `atMs` is the wall clock's time of the newest, epoch milliseconds. */
  taken(count: number, atMs: number): void;
  /** Counts what could not be used, by a short reason such as `not_json`. */
  rejected(reason: string, count?: number): void;
  /** How it stands; `reason` says why and what to do when it is not `ok`. */
  state(state: SourceHealth['state'], reason?: string): void;
  /** What it cannot see or may have lost, as sentences with numbers; replaces what it said before. */
  losses(sentences: readonly string[]): void;
  /** It is gone for good. */
  close(): void;
}

/** Of which dependency and bucket signals speak. `atMs` is on the wall clock. */
export type SignalsOf = Pick<TrafficSignals, 'source' | 'target' | 'protocol' | 'evidence'> & {
  atMs: number;
};

/** What signals may be told; each adds to the bucket as its name says: counts and sums add up, floors take the lowest. */
export type SignalValues = Omit<TrafficSignals, 'source' | 'target' | 'protocol' | 'evidence'>;

/**
 * Where all sources of the member hand in what they find. It counts by bucket, keeps the inventory and takes the sample
 * of single requests; the outbox asks it for what has changed.
 *
 * Ends of observations: `service` is an id of `contract/end.ts`. A source that knows the process at an end sets it to
 * `service:<name>`, a source that knows only an address may leave it out.
 *
 * `service:<name>` may carry the name by which the same source told of the service in {@link Collector.services}: where
 * somebody knows a better one, it is put in its place.
 */
export interface Collector {
  /** Counts one observation; its times are on the wall clock. Never throws; a refused one is counted by its reason. */
  observe(observation: TrafficObservation): ObservationOutcome;
  /** The id of an asking end of which only the address is known, kept from one call to the next. */
  callerId(host: string, network?: string): string;
  /** The id of an answering end, likewise. */
  calleeId(host: string, port: number, network?: string): string;
  /** Adds to what the kernel and the proxies know of a dependency. Tell each connection once a bucket. */
  signals(of: SignalsOf, values: SignalValues): void;
  /** Offers a request for the live picture; most are only counted. `at_ms` is on the wall clock. */
  request(request: LiveRequest): void;
  /**
   * Whether a request of this dependency need not be offered: then it has been counted, and nothing has to be put
   * together for it. When false, the very next call must be {@link request} with it. Cheap enough for every line.
   */
  skipsRequest(source: string, target: string): boolean;
  /** The services of the host as one source knows them now; replaces what that source said before. */
  services(source: string, services: readonly LocalService[]): void;
  /** Addresses that lead elsewhere, likewise. */
  aliases(source: string, aliases: readonly AddressAlias[]): void;
  /** The host's name, addresses and bridges. */
  host(host: Inventory['host']): void;
  /** The service of this host that listens there, by name. */
  serviceAt(address: string, port: number): string | undefined;
  /** The service of this host that a process belongs to, by name. */
  serviceOfPid(pid: number): string | undefined;
  /** Tells which service a process belongs to, of processes that listen nowhere, too. Replaces what was said before. */
  processes(services: ReadonlyMap<number, string>): void;
  /** Opens the book of a source. */
  source(kind: SourceHealth['kind'], name: string): SourceBook;
}
