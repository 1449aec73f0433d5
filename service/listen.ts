import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import { getRequestListener, RequestError, type HttpBindings } from '@hono/node-server';
import type { RingTls } from './ring-tls.ts';
import { createTlsServer, type OnUpgrade } from './tls-server.ts';

export type { HttpBindings };

/** What is served: a Hono application, for one. */
export interface Served {
  fetch(request: Request, bindings: HttpBindings): Response | Promise<Response>;
}

/** A listening HTTP server. */
export interface Listening {
  port: number;
  /** Stops taking connections, lets running requests end, and closes what is left after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** A client that trickles its request holds a connection for 30 s at most (slow-loris). */
const limits = {
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 75_000,
  maxHeaderSize: 16_384,
};

/** The address cannot be listened on; the message says what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/**
 * Serves `app` on `host:port` (0: any free port).
 *
 * @throws ListenError when the address is taken or not ours.
 */
export async function listen(
  app: Served,
  options: {
    host: string;
    port: number;
    maxConnections: number;
    /** With a certificate in it the port speaks TLS; what is asked in clear is told so. */
    tls?: RingTls;
    /** Requests for another protocol, in clear also where the port speaks TLS; absent: they are served like others. */
    onUpgrade?: OnUpgrade;
  },
): Promise<Listening> {
  const listener = getRequestListener((request, bindings) => app.fetch(request, bindings as HttpBindings), {
    overrideGlobalObjects: false,
    errorHandler: answerUnserved,
  });
  const onRequest = (request: IncomingMessage, response: ServerResponse) => void listener(request, response);
  const { server, end, force } = options.tls?.own()
    ? createTlsServer({ tls: options.tls, limits, onRequest, onUpgrade: options.onUpgrade })
    : createPlainServer(onRequest, options.onUpgrade);
  server.maxConnections = options.maxConnections;
  await started(server, options);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    port,
    close(graceMs) {
      end();
      return closed(server, graceMs, force);
    },
  };
}

function createPlainServer(
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
  onUpgrade: OnUpgrade | undefined,
): { server: Server; end: () => void; force: () => void } {
  const server = createServer(limits, onRequest);
  if (onUpgrade !== undefined) server.on('upgrade', onUpgrade);
  return { server, end: () => undefined, force: () => undefined };
}

/** For requests that never reach the application, such as one whose Host header or path makes no URL. */
function answerUnserved(error: unknown): Response {
  const headers = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };
  return error instanceof RequestError
    ? Response.json(
        { error: { code: 'bad_request', message: 'the request was not understood' } },
        { status: 400, headers },
      )
    : Response.json({ error: { code: 'internal', message: 'this is our fault' } }, { status: 500, headers });
}

function started(server: Server | TlsServer, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new ListenError(explain(error, host, port), { cause: error })),
    );
    server.listen({ host, port }, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `port ${port} on ${host} is taken by another program: stop it, or set NETRING_SERVER_PORT to a free port`;
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine: set NETRING_SERVER_HOST to one that is`;
    case 'EACCES':
      return `not allowed to listen on port ${port}: use a port above 1023, set NETRING_SERVER_PORT`;
    default:
      return `cannot listen on ${host}:${port}: ${error.message}`;
  }
}

function closed(server: Server | TlsServer, graceMs: number, force: () => void): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => {
      server.closeAllConnections();
      force();
    }, graceMs);
    // A connection whose request ends only now stays open for the next one, which must not come.
    const idle = setInterval(() => server.closeIdleConnections(), 20);
    server.close(() => {
      clearTimeout(limit);
      clearInterval(idle);
      resolve();
    });
    server.closeIdleConnections();
  });
}
