import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { RingTls } from './ring-tls.ts';

export type OnUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

interface Needs {
  /** With a certificate. */
  tls: RingTls;
  limits: { requestTimeout: number; headersTimeout: number; keepAliveTimeout: number; maxHeaderSize: number };
  onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  onUpgrade: OnUpgrade | undefined;
}

/** Who connects has so long to say which protocol, and then for its handshake, or its request in clear. */
const helloWithinMs = 10_000;
/** The first byte of every TLS connection: the type of a handshake record (RFC 8446, 5.1). */
const handshakeRecord = 0x16;

/**
 * A server of HTTPS that takes new certificates as they come; connections that stand are not touched by that. On the
 * same port requests in clear are told to come by TLS, but for upgrades to another protocol: whoever speaks that
 * guards it on its own.
 *
 * @returns the server, what ends connections that it does not know of, and what ends all
 */
export function createTlsServer({ tls, limits, onRequest, onUpgrade }: Needs): {
  server: Server;
  end: () => void;
  force: () => void;
} {
  const server = createServer(
    {
      ...limits,
      ...tls.own(),
      minVersion: 'TLSv1.2',
      handshakeTimeout: helloWithinMs,
      noDelay: true,
      ALPNProtocols: ['http/1.1'],
    },
    onRequest,
  );
  const forget = tls.onChange(() => {
    const own = tls.own();
    if (own !== undefined) server.setSecureContext({ ...own, minVersion: 'TLSv1.2' });
  });
  const plain = createPlain({ maxHeaderSize: limits.maxHeaderSize }, answerInClear);
  const inClear = new Map<Socket, NodeJS.Timeout>();
  /** Also those in the middle of a handshake, which no server counts among its connections. */
  const all = new Set<Socket>();
  const leave = (socket: Socket) => {
    clearTimeout(inClear.get(socket));
    inClear.delete(socket);
  };
  if (onUpgrade !== undefined) {
    plain.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
      leave(socket);
      onUpgrade(request, socket, head);
    });
  }
  const [takeTls] = server.listeners('connection') as ((this: Server, socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    all.add(socket);
    inClear.set(
      socket,
      setTimeout(() => socket.destroy(), helloWithinMs),
    );
    socket.once('close', () => {
      all.delete(socket);
      leave(socket);
    });
    socket.on('error', ignore);
    onFirstBytes(socket, (isTls) => {
      if (!isTls) return void plain.emit('connection', socket);
      leave(socket);
      takeTls?.call(server, socket);
    });
  });
  return {
    server,
    end() {
      forget();
      for (const socket of inClear.keys()) socket.destroy();
    },
    force() {
      for (const socket of all) socket.destroy();
    },
  };
}

function ignore(): void {
  // A connection that breaks before anything was asked: a TCP probe, for one.
}

/** Looks at what comes first, and puts it back. */
function onFirstBytes(socket: Socket, then: (isTls: boolean) => void): void {
  socket.once('readable', () => {
    const chunk = socket.read() as Buffer | null;
    // The far end closed without a word.
    if (chunk === null) return void socket.destroy();
    socket.unshift(chunk);
    then(chunk[0] === handshakeRecord);
  });
}

/** A browser is sent on; everybody else is told, and nothing of what was asked is answered in clear. */
function answerInClear(request: IncomingMessage, response: ServerResponse): void {
  const { host = '' } = request.headers;
  const isPage = request.method === 'GET' && /\btext\/html\b/.test(request.headers.accept ?? '');
  const common = { connection: 'close', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  if (isPage && /^[\w.:[\]-]+$/.test(host) && request.url?.startsWith('/')) {
    response.writeHead(307, { ...common, location: `https://${host}${request.url}` }).end();
    return;
  }
  const body = {
    error: { code: 'tls_needed', message: 'this port speaks TLS: write https:// instead of http://' },
  };
  response.writeHead(400, { ...common, 'content-type': 'application/json' }).end(JSON.stringify(body));
}
