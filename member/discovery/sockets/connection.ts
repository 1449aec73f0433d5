import type { Dependency } from './dependency.ts';
import type { LeftOut } from './ends.ts';
import { isLoopback, place } from './address.ts';
import type { SocketRow } from './socket-row.ts';

export type Transport = 'tcp' | 'udp';

/** A place of a network namespace where a socket waits for others. */
export interface Listener {
  readonly namespace: number;
  readonly transport: Transport;
  /** As bound; `*` is the wildcard of both families. */
  readonly address: string;
  readonly port: number;
  readonly isV6Only: boolean;
  inode: number;
  /** A process that holds it, where that is known. */
  pid: number | undefined;
  scan: number;
}

/** Which end of a connection a socket is, as far as the listeners of its namespace tell. */
export type Role = 'caller' | 'callee';

/** A socket that is connected, with its counters at the last look and what they grew by since it was last handed over. */
export class Connection {
  readonly namespace: number;
  readonly transport: Transport;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly isLoopback: boolean;
  readonly cgroup: string;
  /** The kernel's name of this socket for ever; 0 where that was not read. */
  readonly cookie: number;
  inode: number;
  role: Role = 'caller';
  /** Of a callee: where it was taken. */
  listener: Listener | undefined;
  /** The look that saw it last, and how many have. */
  scan = 0;
  seen = 0;
  /** When it was first seen; 0 when it was there before we were, and its age is not known. */
  firstSeenMs: number;
  /** Not handed over yet. */
  isNew: boolean;
  /** The bucket of time in which it was counted last. */
  countedIn = -1;
  /** Where it counts, or why nowhere; `undefined` until its process is found. */
  dependency: Dependency | LeftOut | undefined;

  rttUs = 0;
  minRttUs = 0;
  sendQueue = 0;
  #payload = 0;
  #acked = 0;
  #received = 0;
  #sentTotal = 0;
  #retransmits = 0;
  #retransmitted = 0;
  #busyUs = 0;
  #rwndUs = 0;
  #sndbufUs = 0;

  /** Since it was last handed over. */
  hasInfo = false;
  hasMoved = false;
  sentBytes = 0;
  receivedBytes = 0;
  networkBytes = 0;
  retransmits = 0;
  retransmittedBytes = 0;
  busyUs = 0;
  rwndLimitedUs = 0;
  sndbufLimitedUs = 0;

  /** @param isBaseline it was there before we were: what it has carried so far is nothing that happened now */
  constructor(row: SocketRow, namespace: number, transport: Transport, atMs: number, isBaseline: boolean) {
    this.namespace = namespace;
    this.transport = transport;
    this.localAddress = row.localAddress();
    this.localPort = row.localPort;
    this.remoteAddress = row.remoteAddress();
    this.remotePort = row.remotePort;
    this.isLoopback = isLoopback(this.localAddress) || isLoopback(this.remoteAddress);
    this.inode = row.inode;
    this.cgroup = row.cgroup;
    this.cookie = row.cookie;
    this.firstSeenMs = isBaseline ? 0 : atMs;
    this.isNew = !isBaseline;
    if (isBaseline) this.look(row);
  }

  /** Takes the counters as they are now. One that went down says that it began anew. */
  look(row: SocketRow): void {
    this.inode = row.inode;
    this.sendQueue = row.sendQueue;
    if (!row.hasInfo) return;
    // Of one that was there before we were, whenever its counters are first read.
    const isBefore = !this.hasInfo && this.firstSeenMs === 0;
    this.hasInfo = true;
    this.rttUs = row.rttUs;
    this.minRttUs = row.minRttUs;
    // Before Linux 4.19 only what was acknowledged is known, with one for the beginning.
    const payload =
      row.bytesSent > 0 ? row.bytesSent - row.bytesRetransmitted : Math.max(0, row.bytesAcked - 1);
    const acked = grown(row.bytesAcked, this.#acked);
    // A round trip is timed when data is acknowledged: an idle connection tells an old one.
    if (acked > 0) this.hasMoved = true;
    this.sentBytes += grown(payload, this.#payload);
    this.receivedBytes += grown(row.bytesReceived, this.#received);
    this.networkBytes += grown(row.bytesSent, this.#sentTotal);
    this.retransmits += grown(row.retransmits, this.#retransmits);
    this.retransmittedBytes += grown(row.bytesRetransmitted, this.#retransmitted);
    this.busyUs += grown(row.busyUs, this.#busyUs);
    this.rwndLimitedUs += grown(row.rwndLimitedUs, this.#rwndUs);
    this.sndbufLimitedUs += grown(row.sndbufLimitedUs, this.#sndbufUs);
    this.#payload = payload;
    this.#acked = row.bytesAcked;
    this.#received = row.bytesReceived;
    this.#sentTotal = row.bytesSent;
    this.#retransmits = row.retransmits;
    this.#retransmitted = row.bytesRetransmitted;
    this.#busyUs = row.busyUs;
    this.#rwndUs = row.rwndLimitedUs;
    this.#sndbufUs = row.sndbufLimitedUs;
    if (isBefore) this.handedOver();
  }

  /** What it grew by has been counted. */
  handedOver(): void {
    this.isNew = false;
    this.hasMoved = false;
    this.sentBytes = 0;
    this.receivedBytes = 0;
    this.networkBytes = 0;
    this.retransmits = 0;
    this.retransmittedBytes = 0;
    this.busyUs = 0;
    this.rwndLimitedUs = 0;
    this.sndbufLimitedUs = 0;
  }

  /** As this end sees it. */
  tuple(): string {
    return `${place(this.localAddress, this.localPort)}>${place(this.remoteAddress, this.remotePort)}`;
  }

  /** As the other end sees it. */
  reverseTuple(): string {
    return `${place(this.remoteAddress, this.remotePort)}>${place(this.localAddress, this.localPort)}`;
  }
}

function grown(now: number, before: number): number {
  return now >= before ? now - before : now;
}
