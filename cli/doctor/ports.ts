import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { isIP } from 'node:net';
import { ok, problem, type Finding } from './finding.ts';

/** Whether one could listen: `free`, or why not. */
export type PortState = 'free' | 'taken' | 'not ours' | 'not allowed' | { other: string };

/** Tries to listen, and stops at once. */
export async function tryPort(protocol: 'TCP' | 'UDP', host: string, port: number): Promise<PortState> {
  try {
    await (protocol === 'TCP' ? listenTcp(host, port) : bindUdp(host, port));
    return 'free';
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return 'taken';
    if (code === 'EADDRNOTAVAIL') return 'not ours';
    if (code === 'EACCES') return 'not allowed';
    return { other: code ?? message };
  }
}

function listenTcp(host: string, port: number): Promise<void> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

function bindUdp(host: string, port: number): Promise<void> {
  const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve()));
  });
}

/** One port that a service listens on. */
export interface Port {
  protocol: 'TCP' | 'UDP';
  host: string;
  port: number;
  /** The setting that moves it. */
  setting: string;
}

/** @param holder what of ours answers there over HTTP, such as `a member 0.1.0`; undefined: nothing of ours */
export function judgePort(
  { protocol, host, port, setting }: Port,
  state: PortState,
  holder?: string,
): Finding {
  const check = `port ${port}/${protocol.toLowerCase()}`;
  const at = `${protocol} ${host}:${port}`;
  if (port === 0) return ok(check, 'any free one is taken');
  if (state === 'free') return ok(check, `${at} is free`);
  if (state === 'taken') {
    return holder === undefined
      ? problem(
          check,
          `${at} is taken by another program`,
          `stop it ("ss -lntup | grep ${port}" names it), or set ${setting}`,
        )
      : ok(check, `${at} is held by ${holder}`);
  }
  if (state === 'not ours')
    return problem(check, `${host} is no address of this machine`, 'set NETRING_SERVER_HOST to one that is');
  if (state === 'not allowed')
    return problem(check, `this user may not listen on ${at}`, `use a port above 1023: set ${setting}`);
  return problem(check, `${at} cannot be listened on (${state.other})`, `set ${setting}`);
}
