import type { Evidence } from './observation.ts';
import type { Protocol, ServiceType } from './protocol.ts';

/** A dependency as one kind of evidence shows it, tagged by a filter or not. */
export interface Track {
  readonly key: number;
  readonly source: ServiceEntry;
  readonly target: ServiceEntry;
  readonly protocol: Protocol;
  readonly evidence: Evidence;
  /** Which filter it belongs to; 0 for none. */
  readonly filter: number;
  /** Time buckets that hold something of it; forgotten when none does. */
  cells: number;
  firstSeenMs: number;
  /** Where the newest observation was counted, so that the next one is, too. */
  bucketSerial: number;
  slot: number;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly service: ServiceEntry;
  firstSeenMs: number;
  lastSeenMs: number;
  /** Whether anything better than a flow says that it listens. */
  isSure: boolean;
}

export interface ServiceEntry {
  /** Small, and taken again when the service is forgotten. */
  readonly index: number;
  readonly id: string;
  name: string;
  readonly network: string | undefined;
  readonly isInside: boolean;
  firstSeenMs: number;
  readonly listeners: Map<string, Listener>;
  /** Listeners that found no room. */
  moreListeners: number;
  /** Tracks out of this service. */
  readonly out: Map<number, Track>;
  /** Tracks from or to it. */
  tracks: number;
  /** The filter that everything from it belongs to; `undefined` until it is looked at. */
  callerFilter: number | undefined;
  annotation: Annotation | undefined;
}

/** What somebody knows about a service beyond its traffic. */
export interface Annotation {
  type?: ServiceType;
  tags?: Readonly<Record<string, string>>;
  metadata?: Readonly<Record<string, unknown>>;
}
