import { connect, isIP, type Socket } from 'node:net';
import { monotonicMs } from '../clock.ts';
import type { Names } from './names.ts';
import { failureOf, stopped, timedOut, type Failure } from './outcome.ts';
import type { Options, Target } from './probe.ts';

/** A connection that stands, or why there is none, with what was measured on the way. */
export type Connected = { startedMs: number; nameMs?: number; connectMs?: number } & (
  { socket: Socket } | { failure: Failure }
);

/** Finds the address of the target's host, then connects, both within the options' time-out for connecting. */
export async function openConnection(
  target: Target,
  options: Options,
  signal: AbortSignal,
  names: Names,
): Promise<Connected> {
  const startedMs = monotonicMs();
  const limitMs = Math.min(options.timeoutMs, options.connectTimeoutMs ?? Infinity);
  if (isIP(target.host) !== 0) return connectTo(target.host, target, limitMs, signal, { startedMs });
  const found = await names.addressOf(target.host, limitMs);
  const nameMs = monotonicMs() - startedMs;
  if (typeof found !== 'string') return { startedMs, nameMs, failure: found };
  const leftMs = Math.max(1, limitMs - nameMs);
  return connectTo(found, target, leftMs, signal, { startedMs, nameMs });
}

function connectTo(
  address: string,
  target: Target,
  timeoutMs: number,
  signal: AbortSignal,
  before: { startedMs: number; nameMs?: number },
): Promise<Connected> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ ...before, failure: stopped });
    let sentMs = before.startedMs;
    // Racing address families, Node's default, puts its own bookkeeping between the clock and the system call.
    const socket = connect({ host: address, port: target.port, autoSelectFamily: false });
    const end = (connected: Connected) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if ('failure' in connected) socket.destroy();
      resolve(connected);
    };
    const fail = (failure: Failure) => end({ ...before, connectMs: monotonicMs() - sentMs, failure });
    const onAbort = () => fail(stopped);
    // After a stall timers run before sockets: an answer that has come meanwhile is looked at first.
    const timer = setTimeout(() => setImmediate(() => fail(timedOut('no connection', timeoutMs))), timeoutMs);
    socket.once('connectionAttempt', () => (sentMs = monotonicMs()));
    socket.once('connect', () => end({ ...before, connectMs: monotonicMs() - sentMs, socket }));
    socket.on('error', (error) => fail(failureOf(error)));
    signal.addEventListener('abort', onAbort);
  });
}

const closingWithinMs = 2000;

/** Ends a connection: at once, or by the book. */
export function closeConnection(socket: Socket, closing: Target['closing']): void {
  if (closing === 'reset') {
    socket.resetAndDestroy();
    return;
  }
  socket.end();
  // A far end that never closes its half, or goes on sending, holds ours no longer than this.
  const timer = setTimeout(() => socket.destroy(), closingWithinMs);
  socket.once('close', () => clearTimeout(timer));
  socket.resume();
}
