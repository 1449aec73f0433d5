import { isIPv6, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type SecureContext, type TLSSocket } from 'node:tls';
import type { HttpResult } from '@netring/contract/result';
import { checkMemberIdentity } from '@netring/service/member-identity';
import { trustOf } from '@netring/service/tls-trust';
import { monotonicMs } from '../clock.ts';
import { closeConnection, openConnection } from './connect.ts';
import { createAnswerReader, type Reading } from './http-answer.ts';
import type { Names } from './names.ts';
import { failureOf, stopped, timedOut, tlsFailureOf, type Failure } from './outcome.ts';
import type { Options, Probe, Target } from './probe.ts';
import { roundedMs } from './rounded.ts';
import { firstSynWaitMs } from './syn-retransmits.ts';

/**
 * One GET on a new connection, its phases apart: `first_byte_ms` counts from the request's last byte to the answer's
 * first, `total_ms` from the very start to the answer's end. Redirects are not followed. Any answer means reachable;
 * a status below 400 means healthy.
 */
export function createHttpProbe(names: Names): Probe<'http'> {
  const membersTls = createMembersTls();
  return (target, options, signal) =>
    probeHttp(target, options, signal, names, target.isMember === true ? membersTls(options) : {});
}

/** How members are believed; what it takes to read a CA is spent once. */
function createMembersTls(): (options: Options) => ConnectionOptions {
  let known: { ca: string | undefined; secureContext: SecureContext } | undefined;
  return ({ ringCa }) => {
    if (known?.ca !== ringCa || known === undefined) known = { ca: ringCa, secureContext: trustOf(ringCa) };
    return { secureContext: known.secureContext, checkServerIdentity: checkMemberIdentity };
  };
}

async function probeHttp(
  target: Target,
  options: Options,
  signal: AbortSignal,
  names: Names,
  tls: ConnectionOptions,
): Promise<HttpResult> {
  const connected = await openConnection(target, options, signal, names);
  const phases: Partial<HttpResult> = {
    ...(connected.nameMs !== undefined && { name_ms: roundedMs(connected.nameMs) }),
  };
  const done = (rest: Pick<HttpResult, 'outcome' | 'reason' | 'status'>): HttpResult => ({
    kind: 'http',
    ended_ms: roundedMs(monotonicMs()),
    ...phases,
    ...rest,
  });
  if ('failure' in connected) return done(connected.failure);
  const { startedMs, connectMs = 0 } = connected;
  // Beyond that a SYN was lost, and the time says nothing about the path's latency.
  if (connectMs < firstSynWaitMs) phases.connect_ms = roundedMs(connectMs);

  const deadlineMs = startedMs + options.timeoutMs;
  const secured = await secure(connected.socket, target, deadlineMs, options.timeoutMs, signal, tls);
  if ('outcome' in secured) return done(secured);
  if (secured.tlsMs !== undefined) phases.tls_ms = roundedMs(secured.tlsMs);

  const answer = await ask(secured.socket, target, deadlineMs, options.timeoutMs, signal);
  if (answer.firstByteMs !== undefined) phases.first_byte_ms = roundedMs(answer.firstByteMs);
  if ('failure' in answer) {
    const isKnown = answer.status !== undefined && answer.failure.outcome !== 'void';
    return done({ ...answer.failure, ...(isKnown && { status: answer.status }) });
  }
  phases.total_ms = roundedMs(monotonicMs() - startedMs);
  if (answer.status < 400) return done({ outcome: 'ok', status: answer.status });
  return done({
    outcome: 'bad_status',
    status: answer.status,
    reason: `answered with status ${answer.status}`,
  });
}

/** Puts TLS over the connection where the target wants it. */
function secure(
  socket: Socket,
  target: Target,
  deadlineMs: number,
  timeoutMs: number,
  signal: AbortSignal,
  tls: ConnectionOptions,
): Promise<{ socket: Socket; tlsMs?: number } | Failure> {
  if (target.tls !== true) return Promise.resolve({ socket });
  const startedMs = monotonicMs();
  return new Promise((resolve) => {
    const secured: TLSSocket = connectTls({
      socket,
      ALPNProtocols: ['http/1.1'],
      // A name of the server is never an address (RFC 6066).
      ...(/[a-z]/i.test(target.host) && !isIPv6(target.host) ? { servername: target.host } : {}),
      host: target.host,
      ...tls,
    });
    const watch = watchOver(secured, deadlineMs, signal, (why) => {
      secured.destroy();
      if (why.kind === 'error') resolve(tlsFailureOf(why.error));
      else if (why.kind === 'closed')
        resolve({ outcome: 'tls_failed', reason: 'TLS: closed during the handshake' });
      else resolve(why.kind === 'late' ? timedOut('no TLS session', timeoutMs) : stopped);
    });
    secured.once('secureConnect', () => {
      watch.end();
      resolve({ socket: secured, tlsMs: monotonicMs() - startedMs });
    });
  });
}

/** An answer, or how it failed, with its status when that had come before. */
type Ended = { status: number } | { failure: Failure; status: number | undefined };
type Answer = { firstByteMs?: number } & Ended;

/** Sends the request and reads the answer. */
function ask(
  socket: Socket,
  target: Target,
  deadlineMs: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const reader = createAnswerReader();
    const sentMs = monotonicMs();
    const times: { firstByteMs?: number } = {};
    const finish = (ended: Ended, isComplete: boolean) => {
      watch.end();
      // Node cannot reset a connection under TLS.
      const closing = target.tls === true ? 'polite' : target.closing;
      // To end by the book one would have to read the rest of it, which may have no end.
      if (closing === 'polite' && !isComplete) socket.destroy();
      else closeConnection(socket, closing);
      resolve({ ...times, ...ended });
    };
    const fail = (failure: Failure) => finish({ failure, status: reader.status() }, false);
    const judge = (reading: Reading) => {
      if (reading.kind === 'broken') fail({ outcome: 'bad_status', reason: reading.reason });
      else if (reading.kind !== 'more') finish({ status: reading.status }, reading.kind === 'done');
    };
    const watch = watchOver(socket, deadlineMs, signal, (why) => {
      if (why.kind === 'closed') judge(reader.end());
      else if (why.kind === 'error') fail(failureOf(why.error));
      else fail(why.kind === 'late' ? timedOut('no complete answer', timeoutMs) : stopped);
    });
    socket.on('data', (chunk: Buffer) => {
      times.firstByteMs ??= monotonicMs() - sentMs;
      if (watch.running()) judge(reader.push(chunk));
    });
    socket.write(requestText(target));
  });
}

type Ending = { kind: 'late' | 'aborted' | 'closed' } | { kind: 'error'; error: NodeJS.ErrnoException };

/** Calls `onEnd` once when the socket fails or closes, the time is up or the probe is stopped, unless ended before. */
function watchOver(
  socket: Socket,
  deadlineMs: number,
  signal: AbortSignal,
  onEnd: (why: Ending) => void,
): { running(): boolean; end(): void } {
  let running = true;
  const end = () => {
    running = false;
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  };
  const say = (why: Ending) => {
    if (!running) return;
    end();
    onEnd(why);
  };
  const onAbort = () => say({ kind: 'aborted' });
  // After a stall timers run before sockets: an answer that has come meanwhile is looked at first.
  const timer = setTimeout(
    () => setImmediate(() => say({ kind: 'late' })),
    Math.max(1, deadlineMs - monotonicMs()),
  );
  socket.removeAllListeners('error');
  socket.on('error', (error) => say({ kind: 'error', error }));
  socket.on('end', () => say({ kind: 'closed' }));
  socket.on('close', () => say({ kind: 'closed' }));
  signal.addEventListener('abort', onAbort);
  return { running: () => running, end };
}

function requestText(target: Target): string {
  const host = isIPv6(target.host) ? `[${target.host}]` : target.host;
  const plainPort = target.tls === true ? 443 : 80;
  return (
    `GET ${target.path ?? '/'} HTTP/1.1\r\n` +
    `Host: ${host}${target.port === plainPort ? '' : `:${target.port}`}\r\n` +
    (target.authorization === undefined ? '' : `Authorization: ${target.authorization}\r\n`) +
    'User-Agent: netring\r\nAccept: */*\r\nConnection: close\r\n\r\n'
  );
}
