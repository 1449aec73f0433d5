import { connect, type Socket } from 'node:net';
import { failureOf, type Failure } from './outcome.ts';

/** Named in `Upgrade`; another number when what is said over the connection changes. */
export const protocolName = 'netring-bandwidth-1';
export const bandwidthPath = '/bandwidth';
export const ticketHeader = 'netring-ticket';
export const roleHeader = 'netring-role';

/**
 * What a connection of a test is for: one `control`, and data streams. `forward` carries data to the far end, `return`
 * from it.
 */
export const roles = ['control', 'forward', 'return'] as const;
export type Role = (typeof roles)[number];

/** Said by the far end over the control connection, a line of JSON, every `tellMs`. */
export interface Told {
  /** The far end's monotonic clock. */
  at_ms: number;
  /** Bytes that came over `forward` streams, all together. */
  got: number;
  /** How it is itself; see `strain.ts`. */
  busy: number;
  late_ms: number;
  /** Segments its machine had to send again, since it started; absent where that is not known. */
  resent?: number;
  /** Why it sends no more on `return` streams, when it does not. */
  spent?: boolean;
}

/** An echo, asked with `ping` and answered with `pong`, both the same number. */
export type FromFarEnd = Told | { pong: number };
export interface Ping {
  ping: number;
}

export const tellMs = 50;
/** No line of ours is as long. */
const longestLine = 1000;

/** Calls `onLine` with every line of JSON; lines that are none end the connection. */
export function readLines(socket: Socket, onLine: (line: object) => void): void {
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    const lines = (text + chunk.toString('latin1')).split('\n');
    text = lines.pop() ?? '';
    try {
      for (const line of lines) onLine(JSON.parse(line) as object);
    } catch {
      socket.destroy();
    }
    if (text.length > longestLine) socket.destroy();
  });
  // It was paused as it was opened, and a listener alone does not end that.
  socket.resume();
}

export function sendLine(socket: Socket, line: FromFarEnd | Ping): void {
  if (socket.writable) socket.write(`${JSON.stringify(line)}\n`);
}

/** The answer that turns a request into a connection of a test. */
export const accepted = `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${protocolName}\r\n\r\n`;

/** Opens one connection of a test; resolves when the far end has accepted it. */
export function openStream(
  to: { host: string; port: number; ticket: string },
  role: Role,
  timeoutMs: number,
): Promise<{ socket: Socket } | { failure: Failure }> {
  return new Promise((resolve) => {
    const socket = connect({ host: to.host, port: to.port, autoSelectFamily: false, noDelay: true });
    let head = '';
    const fail = (failure: Failure) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ failure });
    };
    const onData = (chunk: Buffer) => {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return head.length > 4096 ? fail(refusedBy(head)) : undefined;
      if (!head.startsWith('HTTP/1.1 101 ')) return fail(refusedBy(head));
      clearTimeout(timer);
      socket.removeAllListeners('data').removeAllListeners('close').removeAllListeners('error').pause();
      socket.on('error', () => undefined);
      const early = Buffer.from(head.slice(end + 4), 'latin1');
      if (early.length > 0) socket.unshift(early);
      resolve({ socket });
    };
    const timer = setTimeout(
      () => fail({ outcome: 'timeout', reason: `the far end did not answer within ${timeoutMs / 1000} s` }),
      timeoutMs,
    );
    socket.on('data', onData);
    socket.on('error', (error) => fail(failureOf(error)));
    socket.on('close', () => fail(refusedBy(head)));
    socket.on('connect', () => socket.write(requestFor(to, role)));
  });
}

function requestFor(to: { host: string; port: number; ticket: string }, role: Role): string {
  const host = to.host.includes(':') ? `[${to.host}]` : to.host;
  const lines = [
    `GET ${bandwidthPath} HTTP/1.1`,
    `Host: ${host}:${to.port}`,
    'Connection: Upgrade',
    `Upgrade: ${protocolName}`,
    `${ticketHeader}: ${to.ticket}`,
    `${roleHeader}: ${role}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** What the far end said instead of accepting. */
function refusedBy(head: string): Failure {
  const status = /^HTTP\/1\.1 (\d+)/.exec(head)?.[1];
  const message = /"message":"([^"]{1,200})"/.exec(head)?.[1];
  if (status === undefined) return { outcome: 'refused', reason: 'the far end closed the connection' };
  const said = message === undefined ? '' : `: ${message}`;
  return { outcome: 'refused', reason: `the far end answered with status ${status}${said}` };
}
