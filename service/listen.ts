import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener, RequestError, type HttpBindings } from '@hono/node-server';

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
    /** Requests for another protocol; absent: they are served like others. */
    onUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  },
): Promise<Listening> {
  const listener = getRequestListener((request, bindings) => app.fetch(request, bindings as HttpBindings), {
    overrideGlobalObjects: false,
    errorHandler: answerUnserved,
  });
  const server = createServer(
    // A client that trickles its request holds a connection for 30 s at most (slow-loris).
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 75_000, maxHeaderSize: 16_384 },
    (request, response) => void listener(request, response),
  );
  server.maxConnections = options.maxConnections;
  if (options.onUpgrade !== undefined) server.on('upgrade', options.onUpgrade);
  await started(server, options);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return { port, close: (graceMs) => closed(server, graceMs) };
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

function started(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
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

function closed(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), graceMs);
    // A connection whose request ends only now stays open for the next one, which must not come.
    const idle = setInterval(() => server.closeIdleConnections(), 20);
    server.close(() => {
      clearTimeout(force);
      clearInterval(idle);
      resolve();
    });
    server.closeIdleConnections();
  });
}
