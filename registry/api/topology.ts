import { graphAnswer } from '@netring/contract/graph';
import type { App, Call, Rooms } from './context.ts';
import { described } from './describe.ts';

/** `/topology`: the service graph. */
export function topologyRoutes(app: App, rooms: Rooms): void {
  app.use('/topology/*', async (c: Call, next) => {
    rooms.rights.mayRead(c);
    await next();
  });
  app.get(
    '/topology',
    described({
      summary: 'The service graph of a window, with the measured paths under it',
      tag: 'service graph',
      answer: graphAnswer,
    }),
    (c) => c.json(rooms.traffic.live()),
  );
}
