import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';

/** A program: a TCP server that takes connections, and an HTTP server that answers, for everybody who probes. */
const tcp = await listening(createServer((socket) => socket.on('error', () => undefined).resume()));
const http = await listening(createHttpServer((_, response) => response.end('{"status":"ok"}\n')));
process.stdout.write(`targets ${JSON.stringify({ tcp, http })}\n`);

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}
