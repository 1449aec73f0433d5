import { isIP } from 'node:net';
import { namesAnswer } from '@netring/contract/names';
import { refuse, refuseField } from './api-error.ts';
import { callerAddress, type App, type Rooms } from './context.ts';
import { described } from './describe.ts';

/** More hops than any route has. */
const mostAddresses = 128;

/** `/api/names`. Reading is held back for all of `/api`. */
export function nameRoutes(app: App, rooms: Rooms): void {
  app.get(
    '/api/names',
    described({
      summary: 'The names of routers (address, again and again) that stand on a known route, by reverse DNS',
      tag: 'paths',
      answer: namesAnswer,
    }),
    async (c) => {
      const addresses = [...new Set(c.req.queries('address') ?? [])];
      if (addresses.length === 0 || addresses.length > mostAddresses || !addresses.every((one) => isIP(one)))
        throw refuseField('address', `must be given, once to ${mostAddresses} times, each an IP address`);
      if (!rooms.traceRequests.take(callerAddress(c), Date.now()))
        throw refuse(429, 'too_many_requests', 'too many questions from this address: wait a few seconds', {
          'retry-after': '5',
        });
      return c.json({ names: Object.fromEntries(await rooms.names.of(addresses)) });
    },
  );
}
