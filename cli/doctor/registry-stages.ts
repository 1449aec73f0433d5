import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** How far one came towards a registry, stage by stage. The first that failed is the last. */
export interface Stages {
  host: string;
  port: number;
  secure: boolean;
  name: { addresses: string[] } | Failed;
  tcp?: { address: string; ms: number } | Failed;
  tls?: SeenTls | Failed;
  http?: SeenHealth | Failed;
}

export interface Failed {
  /** The reason, as the kernel or the library says it. */
  failed: string;
}

export interface SeenTls {
  /** Why its certificate is not trusted; absent: it is. */
  distrust?: string;
  /** Epoch milliseconds until which its certificate is valid. */
  validToMs?: number;
}

export interface SeenHealth {
  status: number;
  /** The body as JSON; `undefined` when it is none. */
  body: unknown;
  /** Wall clock of this machine just before the question and just after the answer, epoch milliseconds. */
  sentMs: number;
  receivedMs: number;
}

/** Far above what any way takes; a busy machine is not to be taken for a closed one. */
const stageMs = 10_000;

/** Goes to `url`, one stage after the other, and asks for `/health` there. Never throws. */
export async function stagesTo(url: URL, ca: string | undefined): Promise<Stages> {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  const stages: Stages = { host, port, secure, name: await named(host) };
  if ('failed' in stages.name) return stages;
  const address = stages.name.addresses[0] as string;
  const startedMs = performance.now();
  const socket = await stage((signal) => connected(address, port, signal));
  stages.tcp = 'failed' in socket ? socket : { address, ms: performance.now() - startedMs };
  if ('failed' in socket) return stages;
  try {
    const through = secure ? await stage((signal) => shaken(socket, host, ca, signal)) : socket;
    if ('failed' in through) stages.tls = through;
    else {
      if (secure) stages.tls = seenOf(through as TLSSocket);
      const path = `${url.pathname.replace(/\/+$/, '')}/health`;
      stages.http = await stage((signal) => asked(through, url.host, path, signal));
    }
  } finally {
    socket.destroy();
  }
  return stages;
}

async function named(host: string): Promise<Stages['name']> {
  if (isIP(host) !== 0) return { addresses: [host] };
  try {
    return { addresses: (await lookup(host, { all: true })).map(({ address }) => address) };
  } catch (error) {
    return { failed: (error as NodeJS.ErrnoException).code ?? (error as Error).message };
  }
}

async function stage<T extends object>(run: (signal: AbortSignal) => Promise<T>): Promise<T | Failed> {
  const signal = AbortSignal.timeout(stageMs);
  try {
    return await run(signal);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { failed: signal.aborted ? `no answer within ${stageMs / 1000} s` : (code ?? message) };
  }
}

function connected(address: string, port: number, signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp({ host: address, port, autoSelectFamily: false });
  return settled(socket, 'connect', signal);
}

function shaken(
  socket: Socket,
  host: string,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const secured = connectTls({
    socket,
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca !== undefined && { ca }),
    // What is wrong with a certificate is told, with its date: it need not end here.
    rejectUnauthorized: false,
  });
  return settled(secured, 'secureConnect', signal);
}

function settled<S extends Socket>(socket: S, event: string, signal: AbortSignal): Promise<S> {
  return new Promise((resolve, reject) => {
    const end = () => socket.destroy(new Error('too late'));
    signal.addEventListener('abort', end, { once: true });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the other end closed the connection')));
    socket.once(event, () => {
      signal.removeEventListener('abort', end);
      resolve(socket);
    });
  });
}

function seenOf(socket: TLSSocket): SeenTls {
  // What Node gives here is an error, or its code alone.
  const fault = socket.authorizationError as unknown;
  const { valid_to: validTo } = socket.getPeerCertificate();
  const distrust = socket.authorized
    ? undefined
    : fault instanceof Error
      ? fault.message
      : typeof fault === 'string'
        ? fault
        : 'not trusted';
  return {
    ...(distrust !== undefined && { distrust }),
    ...(validTo !== undefined && { validToMs: Date.parse(validTo) }),
  };
}

const mostBytes = 64 * 1024;

function asked(socket: Socket, host: string, path: string, signal: AbortSignal): Promise<SeenHealth> {
  return new Promise((resolve, reject) => {
    const sentMs = Date.now();
    const options = { path, headers: { host, connection: 'close' }, signal, createConnection: () => socket };
    const sent = requestHttp(options, (response) => {
      const receivedMs = Date.now();
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        if (text.length < mostBytes) text += part;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: jsonIn(text), sentMs, receivedMs }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
