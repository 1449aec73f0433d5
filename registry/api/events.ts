import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { refuse } from './api-error.ts';
import type { App, Rooms } from './context.ts';
import { described } from './describe.ts';
import { securityHeaders } from './headers.ts';

/** `GET /events`: everything that changes, as server-sent events. */
export function eventRoutes(app: App, rooms: Rooms): void {
  app.get(
    '/events',
    described({
      summary: 'Everything that changes; begins with a snapshot, or after Last-Event-ID',
      tag: 'live',
      text: 'text/event-stream',
    }),
    (c) => {
      rooms.rights.mayRead(c);
      const outgoing = c.env.outgoing;
      if (outgoing === undefined) throw refuse(400, 'no_socket', 'events need a connection of their own');
      for (const [name, value] of Object.entries(securityHeaders)) outgoing.setHeader(name, value);
      const joined = rooms.broadcast.join(outgoing, c.req.header('last-event-id'), () =>
        rooms.stage.encodedOverview(),
      );
      if (!joined) {
        throw refuse(503, 'too_many_listeners', 'too many dashboards listen already', {
          'retry-after': '10',
        });
      }
      return RESPONSE_ALREADY_SENT;
    },
  );
}
