import { networkInfoAnswer } from '@netring/contract/topology';
import type { App, Rooms } from './context.ts';
import { described } from './describe.ts';
import { mustBeLoaded } from './membership.ts';

/** `/network_info`: which services are in which network, as discovery found them. */
export function networkInfoRoutes(app: App, rooms: Rooms): void {
  app.get(
    '/network_info',
    described({
      summary: 'Networks with their services: a location, or the containers of one machine',
      tag: 'service graph',
      answer: networkInfoAnswer,
    }),
    (c) => {
      rooms.rights.mayRead(c);
      mustBeLoaded(rooms);
      return c.json(rooms.traffic.networks());
    },
  );
}
