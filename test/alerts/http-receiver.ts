import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Notification } from '@netring/contract/notification';

/** Somebody's server on loopback, which takes what is POSTed. */
export interface HttpReceiver {
  /** With a path that is a secret. */
  url: string;
  received: Received[];
  /** What it answers from now on; `undefined`: nothing, ever. */
  answer: (status: number | undefined) => void;
  close(): Promise<void>;
}

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** `performance.now()`. */
  atMs: number;
}

/** In the path of every receiver's URL: it must be nowhere to be read. */
export const secretPath = 'S3cretOfTheUrl';

export async function startReceiver(status = 204, host = '127.0.0.1'): Promise<HttpReceiver> {
  let now: number | undefined = status;
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      received.push({ path, headers, body: Buffer.concat(chunks).toString('utf8'), atMs: performance.now() });
      if (now === undefined) return;
      response.writeHead(now, now === 307 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}/${secretPath}`,
    received,
    answer: (next) => (now = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a webhook got, one after the other. */
export function notificationsOf({ received }: Pick<HttpReceiver, 'received'>): Notification[] {
  return received.map(({ body }) => JSON.parse(body) as Notification);
}
