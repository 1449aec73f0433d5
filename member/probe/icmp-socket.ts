import { randomBytes, randomInt } from 'node:crypto';
import { monotonicMs } from '../clock.ts';
import {
  canonicalAddress,
  echoRequest,
  readIcmp,
  type Family,
  type IcmpMessage,
  type Quoted,
} from './icmp-packet.ts';
import type { PacketBudget } from './packet-budget.ts';
import { openRawIcmp, type Sending } from './raw-icmp.ts';

/** An echo request to send. */
export interface EchoRequest {
  /** An address without brackets, of the socket's family. */
  address: string;
  /** 0–65535, used once per session while its answer is waited for. */
  seq: number;
  /** How many routers may pass it on; not told: as many as the kernel's default, 64. */
  ttl?: number;
  /** Bytes of random payload, at least 8. Not told: 56, as many as `ping` sends. */
  payloadBytes?: number;
  /** Makes all packets with one checksum one flow; see `echoRequest`. The payload's last two bytes are no longer random then. */
  checksum?: number;
}

/** The answer to one of a session's requests. Times are monotonic milliseconds, read after the system call. */
export interface EchoAnswer {
  seq: number;
  from: string;
  sentMs: number;
  receivedMs: number;
}

/** What a router, or the far end, says of one of a session's requests. */
export interface IcmpError extends EchoAnswer {
  kind: 'time_exceeded' | 'unreachable';
  code: number;
}

/** An ICMP error about a UDP packet that somebody on this machine sent. */
export interface UdpError {
  kind: 'time_exceeded' | 'unreachable';
  code: number;
  from: string;
  receivedMs: number;
  quoted: Extract<Quoted, { protocol: 'udp' }>;
}

export interface EchoListeners {
  /** The far end's own answer: id, sequence, source and payload are the request's. */
  onEcho: (answer: EchoAnswer) => void;
  /** A router's word; id, sequence, destination and as much of the payload as it quotes are the request's. */
  onError?: (error: IcmpError) => void;
}

/** Requests under one random id that no other session of this process has. Every request is answered at most once. */
export interface EchoSession {
  readonly id: number;
  send(request: EchoRequest): Sending;
  /** No longer waits for an answer to it. */
  forget(seq: number): void;
  close(): void;
}

/** The one raw ICMP socket of this process for one address family. */
export interface IcmpSocket {
  /** @param id told only where it must be one that somebody else on this machine uses too */
  session(listeners: EchoListeners, id?: number): EchoSession;
  /** Listens to errors about UDP packets, everybody's; returns how to stop. */
  onUdpError(listener: (error: UdpError) => void): () => void;
  /** False once the kernel has taken it away: what was under way is void. */
  isOpen(): boolean;
  close(): void;
}

const defaultPayloadBytes = 56;
const defaultTtl = 64;

interface Waiting {
  address: string;
  payload: Buffer;
  sentMs: number;
}

interface Session extends EchoListeners {
  waiting: Map<number, Waiting>;
}

/**
 * Opens a raw ICMP socket, which needs CAP_NET_RAW and the optional module `raw-socket`; says why when it cannot. Only
 * ever in a process's main thread: in a worker thread the module ends the process.
 */
export function openIcmpSocket(family: Family, budget: PacketBudget): IcmpSocket | { off: string } {
  const sessions = new Map<number, Session>();
  const udpListeners = new Set<(error: UdpError) => void>();
  const raw = openRawIcmp(family, (packet, source) => {
    const receivedMs = monotonicMs();
    const message = readIcmp(family, packet);
    if (message === undefined) return;
    deliver(message, canonicalAddress(source), receivedMs, sessions, udpListeners);
  });
  if ('off' in raw) return raw;
  const send: Send = (packet, address, ttl) => {
    if (!raw.isOpen()) return failed('the ICMP socket was closed');
    return budget.take() ? raw.send(packet, address, ttl) : failed('this member sends as much as it may');
  };
  return {
    session: (listeners, id) => openSession(family, sessions, listeners, send, id),
    onUdpError(listener) {
      udpListeners.add(listener);
      return () => void udpListeners.delete(listener);
    },
    isOpen: () => raw.isOpen(),
    close: () => raw.close(),
  };
}

type Send = (packet: Buffer, address: string, ttl: number) => Sending;

function failed(reason: string): Sending {
  return { failure: { outcome: 'void', reason } };
}

function openSession(
  family: Family,
  sessions: Map<number, Session>,
  listeners: EchoListeners,
  send: Send,
  told?: number,
): EchoSession {
  let id = told ?? randomInt(0x10000);
  while (sessions.has(id)) id = randomInt(0x10000);
  const waiting: Session['waiting'] = new Map();
  sessions.set(id, { ...listeners, waiting });
  return {
    id,
    send({ address, seq, ttl = defaultTtl, payloadBytes = defaultPayloadBytes, checksum }) {
      const packet = echoRequest(family, {
        id,
        seq,
        payload: randomBytes(payloadBytes),
        ...(checksum !== undefined && { checksum }),
      });
      const sending = send(packet, address, ttl);
      if ('sentMs' in sending) {
        waiting.set(seq, {
          address: canonicalAddress(address),
          payload: packet.subarray(8),
          sentMs: sending.sentMs,
        });
      }
      return sending;
    },
    forget: (seq) => void waiting.delete(seq),
    close: () => void sessions.delete(id),
  };
}

/** Gives a message to the session whose request it answers, if it is one of ours in every respect. */
function deliver(
  message: IcmpMessage,
  from: string,
  receivedMs: number,
  sessions: ReadonlyMap<number, Session>,
  udpListeners: ReadonlySet<(error: UdpError) => void>,
): void {
  if (message.kind !== 'echo' && message.quoted.protocol === 'udp') {
    const { kind, code, quoted } = message;
    for (const listener of udpListeners) listener({ kind, code, from, receivedMs, quoted });
    return;
  }
  const echo = message.kind === 'echo' ? message : message.quoted;
  if (!('seq' in echo)) return;
  const session = sessions.get(echo.id);
  const request = session?.waiting.get(echo.seq);
  if (session === undefined || request === undefined) return;
  const answer = { seq: echo.seq, from, sentMs: request.sentMs, receivedMs };
  if (message.kind === 'echo') {
    if (from !== request.address || !request.payload.equals(echo.payload)) return;
    session.waiting.delete(echo.seq);
    session.onEcho(answer);
    return;
  }
  const quotedBytes = Math.min(echo.payload.length, request.payload.length);
  if (message.quoted.destination !== request.address) return;
  if (echo.payload.compare(request.payload, 0, quotedBytes, 0, quotedBytes) !== 0) return;
  session.waiting.delete(echo.seq);
  session.onError?.({ ...answer, kind: message.kind, code: message.code });
}

/** The sockets of this process, opened when first asked for, and again after the kernel has taken one away. */
export interface IcmpSockets {
  of(family: Family): IcmpSocket | { off: string };
  close(): void;
}

export function createIcmpSockets(budget: PacketBudget): IcmpSockets {
  const sockets = new Map<Family, IcmpSocket | { off: string }>();
  return {
    of(family) {
      const there = sockets.get(family);
      // Rights and modules do not come while a process runs.
      if (there !== undefined && ('off' in there || there.isOpen())) return there;
      const opened = openIcmpSocket(family, budget);
      sockets.set(family, opened);
      return opened;
    },
    close() {
      for (const socket of sockets.values()) if (!('off' in socket)) socket.close();
      sockets.clear();
    },
  };
}
