import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { ServerResponse } from 'node:http';
import type { RequestsSeen } from '@netring/contract/graph';
import { refuse } from './api-error.ts';
import type { App, Rooms } from './context.ts';
import { described } from './describe.ts';
import { securityHeaders } from './headers.ts';

/** Each holds a socket; a dashboard listens at /events instead. */
const mostListeners = 64;
/** Who lags by more misses some: it is a sample anyway. */
const mostBufferedBytes = 1024 * 1024;

/** `GET /access_logs`: requests as they happen, a sample of them, as server-sent events. */
export function accessLogRoutes(app: App, rooms: Rooms): void {
  const listening = new Set<ServerResponse>();
  rooms.traffic.listen({
    graph: () => undefined,
    requests: (seen) => {
      if (listening.size === 0) return;
      const text = eventsOf(seen);
      for (const one of listening) if (one.writableLength < mostBufferedBytes) one.write(text);
    },
    stopped: () => {
      for (const one of listening) one.end();
    },
  });
  app.get(
    '/access_logs',
    described({
      summary: 'Requests as they happen: one event each, and how many there were',
      tag: 'live',
      text: 'text/event-stream',
    }),
    (c) => {
      rooms.rights.mayRead(c);
      const outgoing = c.env.outgoing;
      if (outgoing === undefined) throw refuse(400, 'no_socket', 'events need a connection of their own');
      if (listening.size >= mostListeners)
        throw refuse(503, 'too_many_listeners', 'too many listen already', { 'retry-after': '10' });
      outgoing.writeHead(200, {
        ...securityHeaders,
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      outgoing.write('retry: 1000\n\n');
      listening.add(outgoing);
      outgoing.on('close', () => listening.delete(outgoing));
      return RESPONSE_ALREADY_SENT;
    },
  );
}

/** One `request` event each, then `seen`: "showing 12 of 3,400". */
function eventsOf({ items, seen }: RequestsSeen): string {
  const events = items.map((one) => `event: request\ndata: ${JSON.stringify(one)}\n\n`);
  const showing = JSON.stringify({ showing: items.length, seen });
  return `${events.join('')}event: seen\ndata: ${showing}\n\n`;
}
