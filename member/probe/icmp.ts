import { isIPv6 } from 'node:net';
import type { IcmpResult } from '@netring/contract/result';
import { monotonicMs } from '../clock.ts';
import { unreachableText } from './icmp-packet.ts';
import type { EchoSession, IcmpSocket, IcmpSockets } from './icmp-socket.ts';
import { stopped, timedOut, type Failure } from './outcome.ts';
import type { Probe } from './probe.ts';
import { roundTripFigures } from './round-trips.ts';
import { roundedMs } from './rounded.ts';
import { overlapsMs, spoilsTime, type StallWatch } from './stalls.ts';

/**
 * One check is so many packets: enough that one lost packet is not a path down, few enough that sixteen targets cost ten
 * packets a second.
 */
export const trainPackets = 3;
/** Between two packets of a train: no queue that the first has met is still there for the second. */
const gapMs = 50;

/** A short train of echoes. Any answer is `ok`; what was lost on the way is counted beside it. */
export function createIcmpProbe(sockets: IcmpSockets, watch: StallWatch): Probe<'icmp'> {
  return async (target, options, signal, onRoundTrip) => {
    const family = isIPv6(target.host) ? 6 : 4;
    const socket = sockets.of(family);
    if ('off' in socket) return resultOf(nothing, { outcome: 'void', reason: socket.off });
    const startedMs = monotonicMs();
    const train = await runTrain(socket, target.host, options.timeoutMs, signal);
    if ('failure' in train) return resultOf(train.sent, train.failure);
    // A round trip that this process slept through says nothing; that it came back does.
    const stalls = watch.stalls(startedMs);
    const times = train.answered.filter(({ sentMs, receivedMs }) => {
      const longestMs = Math.max(0, ...overlapsMs(stalls, sentMs, receivedMs));
      return !spoilsTime(longestMs, receivedMs - sentMs);
    });
    const roundTripsMs = times.map(({ sentMs, receivedMs }) => receivedMs - sentMs);
    for (const ms of roundTripsMs) onRoundTrip?.(ms);
    const counts = { sent: trainPackets, received: train.answered.length };
    if (counts.received > 0) return { ...resultOf(counts), ...roundTripFigures(roundTripsMs) };
    if (train.error === undefined) return resultOf(counts, timedOut('no echo answered', options.timeoutMs));
    const { kind, code, from } = train.error;
    const said = kind === 'unreachable' ? unreachableText(family, code) : 'too many hops';
    return resultOf(counts, { outcome: 'unreachable', reason: `${from} says: ${said}` });
  };
}

const nothing = { sent: 0, received: 0 };

function resultOf(counts: { sent: number; received: number }, failure?: Failure): IcmpResult {
  const end = { kind: 'icmp', ended_ms: roundedMs(monotonicMs()), ...counts } as const;
  return failure === undefined ? { ...end, outcome: 'ok' } : { ...end, ...failure };
}

interface Answered {
  sentMs: number;
  receivedMs: number;
}

interface RouterError {
  kind: 'time_exceeded' | 'unreachable';
  code: number;
  from: string;
}

type Train =
  | { answered: Answered[]; error?: RouterError }
  | { sent: { sent: number; received: number }; failure: Failure };

/** Sends the packets one after the other, and waits until each is answered, refused or given up. */
function runTrain(
  socket: IcmpSocket,
  address: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Train> {
  return new Promise((resolve) => {
    const answered: Answered[] = [];
    let error: RouterError | undefined;
    let settled = 0;
    let sent = 0;
    let timer: NodeJS.Timeout;
    const end = (train: Train) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      session.close();
      resolve(train);
    };
    const fail = (failure: Failure) => end({ sent: nothing, failure });
    const onAbort = () => fail(stopped);
    const settle = () => {
      if (++settled === trainPackets) end({ answered, ...(error !== undefined && { error }) });
    };
    const session: EchoSession = socket.session({
      onEcho(answer) {
        answered.push(answer);
        settle();
      },
      onError({ kind, code, from }) {
        error = { kind, code, from };
        settle();
      },
    });
    const giveUp = () => {
      if (socket.isOpen()) end({ answered, ...(error !== undefined && { error }) });
      else fail({ outcome: 'void', reason: 'the ICMP socket was closed' });
    };
    const next = () => {
      const sending = session.send({ address, seq: sent });
      if ('failure' in sending) return fail(sending.failure);
      sent++;
      // After a stall timers run before sockets: an answer that has come meanwhile is looked at first.
      if (sent === trainPackets) timer = setTimeout(() => setImmediate(giveUp), timeoutMs);
      else timer = setTimeout(next, gapMs);
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    next();
  });
}
