import type { SignalValues, SignalsOf } from '../collector.ts';
import type { Endpoint, Protocol, TrafficObservation } from '@netring/topology';
import type { Connection } from './connection.ts';
import { place } from './address.ts';

/** Tuples told of one dependency: the contract's bound. */
const mostTuples = 4;

/** Who asks whom, how, and which end is ours. */
export interface DependencyEnds {
  source: Endpoint & { service: string };
  destination: Endpoint & { service: string };
  protocol: Protocol;
  evidence: 'caller' | 'callee';
}

/** What is to be handed over. `gone`: it has no connections any more. */
export type Taken =
  | { kind: 'news'; observations: TrafficObservation[]; of: SignalsOf; values: SignalValues }
  | { kind: 'quiet' }
  | { kind: 'gone' };

/** What the connections of one dependency did since they were last handed over. */
export class Dependency {
  readonly ends: DependencyEnds;
  /** One of its ends is called otherwise by now. */
  isStale = false;
  /** Whether tuples of it are worth telling: those of loopback addresses prove nothing elsewhere. */
  readonly #tellsTuples: boolean;
  #toldIn = -1;
  #connections = 0;
  #counted = 0;
  #opened = 0;
  #hasInfo = false;
  #sentBytes = 0;
  #receivedBytes = 0;
  #networkBytes = 0;
  #retransmits = 0;
  #retransmittedBytes = 0;
  #busyUs = 0;
  #rwndLimitedUs = 0;
  #sndbufLimitedUs = 0;
  #queueBytes = 0;
  #floorUs = Infinity;
  #rttsUs: number[] = [];
  #tuples: { rank: number; connection: Connection }[] = [];

  constructor(ends: DependencyEnds, tellsTuples: boolean) {
    this.ends = ends;
    this.#tellsTuples = tellsTuples;
  }

  /** Adds what a connection did since it was last handed over. */
  add(one: Connection, bucket: number): void {
    this.#connections++;
    if (one.countedIn !== bucket) {
      one.countedIn = bucket;
      this.#counted++;
    }
    if (one.isNew) this.#opened++;
    this.#queueBytes += one.sendQueue;
    if (one.hasInfo) this.#addInfo(one);
    if (this.#tellsTuples) this.#offer(one);
    one.handedOver();
  }

  /** What to hand over, and begins anew. A bucket of time is told once that nothing moves. */
  take(atMs: number, bucket: number): Taken {
    if (this.#connections === 0) return { kind: 'gone' };
    const { source, destination, protocol, evidence } = this.ends;
    const of = { source: source.service, target: destination.service, protocol, evidence, atMs };
    const moved = this.#opened + this.#counted + this.#sentBytes + this.#receivedBytes + this.#networkBytes;
    const isQuiet = moved + this.#queueBytes === 0 && this.#toldIn === bucket;
    const taken: Taken = isQuiet
      ? { kind: 'quiet' }
      : { kind: 'news', observations: this.#observations(atMs), of, values: this.#values() };
    this.#toldIn = bucket;
    this.#reset();
    return taken;
  }

  #addInfo(one: Connection): void {
    this.#hasInfo = true;
    this.#sentBytes += one.sentBytes;
    this.#receivedBytes += one.receivedBytes;
    this.#networkBytes += one.networkBytes;
    this.#retransmits += one.retransmits;
    this.#retransmittedBytes += one.retransmittedBytes;
    this.#busyUs += one.busyUs;
    this.#rwndLimitedUs += one.rwndLimitedUs;
    this.#sndbufLimitedUs += one.sndbufLimitedUs;
    if (one.hasMoved && one.rttUs > 0) {
      this.#rttsUs.push(one.rttUs);
      this.#floorUs = Math.min(this.#floorUs, one.rttUs);
    }
    // The smoothed time has the callee's own time in it wherever the answer carries the acknowledgement.
    if (one.hasMoved && one.minRttUs > 0) this.#floorUs = Math.min(this.#floorUs, one.minRttUs);
  }

  /** Connections begun are counted; what was carried is more of connections counted before, now or then. */
  #observations(atMs: number): TrafficObservation[] {
    const isCaller = this.ends.evidence === 'caller';
    const sent = isCaller ? this.#sentBytes : this.#receivedBytes;
    const received = isCaller ? this.#receivedBytes : this.#sentBytes;
    const carried = this.#observation(atMs, 0, sent, received);
    return this.#opened > 0 ? [this.#observation(atMs, this.#opened, 0, 0), carried] : [carried];
  }

  #observation(atMs: number, weight: number, sent: number, received: number): TrafficObservation {
    return {
      timestamp_ms: atMs,
      source: this.ends.source,
      destination: this.ends.destination,
      protocol: this.ends.protocol,
      bytes_sent: sent,
      bytes_received: received,
      weight,
      evidence: this.ends.evidence,
    };
  }

  #values(): SignalValues {
    const queue = this.#queueBytes;
    return {
      connections: this.#counted,
      new_connections: this.#opened,
      queue_bytes: { last: queue, min: queue, max: queue, sum: queue, count: 1 },
      ...(this.#hasInfo
        ? {
            bytes_sent: this.#networkBytes,
            bytes_retransmitted: this.#retransmittedBytes,
            retransmits: this.#retransmits,
            busy_ms: this.#busyUs / 1000,
            rwnd_limited_ms: this.#rwndLimitedUs / 1000,
            sndbuf_limited_ms: this.#sndbufLimitedUs / 1000,
          }
        : {}),
      ...(this.#floorUs === Infinity ? {} : { rtt_floor_ms: this.#floorUs / 1000 }),
      ...(this.#rttsUs.length === 0 ? {} : { rtt_ms: middle(this.#rttsUs) / 1000 }),
      ...(this.#tuples.length === 0
        ? {}
        : { tuples: this.#tuples.map(({ connection }) => callerFirst(connection)) }),
    };
  }

  /** Both ends choose alike, by a hash of what both see, so that they name the same ones. */
  #offer(connection: Connection): void {
    const rank = rankOf(connection);
    const last = this.#tuples.at(-1);
    if (this.#tuples.length === mostTuples && last !== undefined && rank >= last.rank) return;
    this.#tuples.push({ rank, connection });
    this.#tuples.sort((a, b) => a.rank - b.rank);
    this.#tuples.length = Math.min(this.#tuples.length, mostTuples);
  }

  #reset(): void {
    this.#connections = 0;
    this.#counted = 0;
    this.#opened = 0;
    this.#hasInfo = false;
    this.#sentBytes = 0;
    this.#receivedBytes = 0;
    this.#networkBytes = 0;
    this.#retransmits = 0;
    this.#retransmittedBytes = 0;
    this.#busyUs = 0;
    this.#rwndLimitedUs = 0;
    this.#sndbufLimitedUs = 0;
    this.#queueBytes = 0;
    this.#floorUs = Infinity;
    this.#rttsUs = [];
    this.#tuples = [];
  }
}

/** `caller>callee`, at whichever end it was seen. */
function callerFirst(one: Connection): string {
  const here = place(one.localAddress, one.localPort);
  const there = place(one.remoteAddress, one.remotePort);
  return one.role === 'caller' ? `${here}>${there}` : `${there}>${here}`;
}

/** Of the two ports, well mixed: the same at both ends. */
function rankOf(one: Connection): number {
  const caller = one.role === 'caller' ? one.localPort : one.remotePort;
  const callee = one.role === 'caller' ? one.remotePort : one.localPort;
  return Math.imul((caller << 16) | callee, 0x9e37_79b1) >>> 0;
}

function middle(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] as number;
}
