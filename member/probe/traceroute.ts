import { isIP } from 'node:net';
import { canonicalAddress, unreachableText, type Family } from './icmp-packet.ts';
import type { EchoAnswer, EchoSession, IcmpError, IcmpSocket, IcmpSockets } from './icmp-socket.ts';
import type { Failure } from './outcome.ts';
import { endTtl, overAtMs, type SentProbe } from './traceroute-end.ts';

/** What a trace sends: each of three may be lost or late, and the least of three is steady. */
const probesPerHop = 3;
/** Together with the next, three packets a millisecond: 90 packets of a trace are out within 30 ms. */
const packetsPerTick = 3;
const tickMs = 1;

/** What one trace sent and heard. */
export interface RawTrace {
  probes: SentProbe[];
  startedMs: number;
  endedMs: number;
  /** Why nothing could be sent, or what a router said in the target's place. */
  failure?: Failure;
}

/** Traces with ICMP echoes, over the one raw socket of each address family. */
export interface Tracer {
  /**
   * Sends probes of all distances at once, in `probesPerHop` rounds, on one flow for each target: every packet to it
   * has one checksum, now and after a restart, so that equal-cost paths show one of themselves (Augustin et al.,
   * "Avoiding traceroute anomalies with Paris traceroute", IMC 2006).
   *
   * @param address an address, not a name
   */
  trace(address: string, maxHops: number, signal: AbortSignal): Promise<RawTrace>;
  /** Why it cannot trace. */
  off(family: Family): string | undefined;
}

type Heard = (answer: NonNullable<SentProbe['answer']>, failure?: Failure) => void;

interface Line {
  session: EchoSession;
  waiting: Map<number, Heard>;
}

export function createTracer(sockets: IcmpSockets, now: () => number): Tracer {
  const lines = new WeakMap<IcmpSocket, Line>();
  let seq = 0;
  const lineOf = (family: Family): Line | { off: string } => {
    const socket = sockets.of(family);
    if ('off' in socket) return socket;
    const line = lines.get(socket) ?? openLine(socket, family);
    lines.set(socket, line);
    return line;
  };
  return {
    off(family) {
      const socket = sockets.of(family);
      return 'off' in socket ? socket.off : undefined;
    },
    trace(address, maxHops, signal) {
      const line = lineOf(isIP(address) === 6 ? 6 : 4);
      const startedMs = now();
      if ('off' in line) {
        const failure: Failure = { outcome: 'void', reason: line.off };
        return Promise.resolve({ probes: [], startedMs, endedMs: startedMs, failure });
      }
      return run(line, { address, maxHops, signal, now, nextSeq: () => (seq = (seq + 1) & 0xffff) });
    },
  };
}

function openLine(socket: IcmpSocket, family: Family): Line {
  const waiting: Line['waiting'] = new Map();
  const take = (answer: EchoAnswer, kind: 'passed' | 'end', failure?: Failure) => {
    const heard = waiting.get(answer.seq);
    waiting.delete(answer.seq);
    heard?.({ from: answer.from, rttMs: answer.receivedMs - answer.sentMs, kind }, failure);
  };
  const onError = (error: IcmpError) => {
    if (error.kind === 'time_exceeded') return take(error, 'passed');
    const reason = `${error.from} says: ${unreachableText(family, error.code)}`;
    take(error, 'end', { outcome: 'unreachable', reason });
  };
  return { session: socket.session({ onEcho: (answer) => take(answer, 'end'), onError }), waiting };
}

interface Run {
  address: string;
  maxHops: number;
  signal: AbortSignal;
  now: () => number;
  nextSeq: () => number;
}

function run(line: Line, { address, maxHops, signal, now, nextSeq }: Run): Promise<RawTrace> {
  const target = canonicalAddress(address);
  const probes: SentProbe[] = Array.from({ length: maxHops * probesPerHop }, (_, at) => ({
    ttl: (at % maxHops) + 1,
  }));
  const seqs: number[] = [];
  const startedMs = now();
  let failure: Failure | undefined;
  let next = 0;
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout;
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      for (const seq of seqs) {
        line.waiting.delete(seq);
        line.session.forget(seq);
      }
      const sent = probes.filter(({ sentMs }) => sentMs !== undefined);
      resolve({ probes: sent, startedMs, endedMs: now(), ...(failure !== undefined && { failure }) });
    };
    const look = () => {
      clearTimeout(timer);
      const overMs = overAtMs(probes, target);
      if (overMs === undefined) timer = setTimeout(send, tickMs);
      else if (overMs <= now()) finish();
      else timer = setTimeout(look, overMs - now());
    };
    const sendOne = (probe: SentProbe): boolean => {
      const seq = nextSeq();
      const sending = line.session.send({ address, seq, ttl: probe.ttl, checksum: flowOf(target) });
      if ('failure' in sending) {
        failure = sending.failure;
        return false;
      }
      probe.sentMs = sending.sentMs;
      seqs.push(seq);
      line.waiting.set(seq, (answer, why) => {
        probe.answer = answer;
        failure ??= why;
        if (overAtMs(probes, target) !== undefined) look();
      });
      return true;
    };
    const send = () => {
      const end = endTtl(probes, target) ?? maxHops;
      for (let packets = 0; packets < packetsPerTick && next < probes.length; next++) {
        const probe = probes[next] as SentProbe;
        if (probe.ttl > end) continue;
        if (!sendOne(probe)) return finish();
        packets++;
      }
      look();
    };
    signal.addEventListener('abort', finish, { once: true });
    send();
  });
}

/** The checksum of all packets to an address: the same in every process. Neither 0 nor 0xffff, which are one. */
function flowOf(address: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < address.length; at++) hash = Math.imul(hash ^ address.charCodeAt(at), 0x01000193);
  return 1 + (((hash ^ (hash >>> 16)) >>> 0) % 0xfffe);
}
