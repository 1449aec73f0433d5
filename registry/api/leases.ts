import { leaseAnswer, leaseEnded, leaseRequest } from '@netring/contract/lease';
import { readJson } from './body.ts';
import type { App, Rooms } from './context.ts';
import { described } from './describe.ts';
import { mustBeKnown, mustBeLoaded } from './membership.ts';

/** `POST /leases`, `DELETE /leases/{id}`: the right to run one bandwidth test. */
export function leaseRoutes(app: App, rooms: Rooms): void {
  const { membership, rights, bandwidth } = rooms;
  app.post(
    '/leases',
    described({
      summary: 'A member asks whether it may test a path now, and which',
      tag: 'members',
      request: leaseRequest,
      answer: leaseAnswer,
    }),
    async (c) => {
      rights.maySpeak(c);
      const { instance_id, interval_ms } = await readJson(c, leaseRequest);
      mustBeLoaded(rooms);
      mustBeKnown(await membership.heartbeat(instance_id, rights.bearer(c)));
      return c.json(await bandwidth.leases.ask(instance_id, interval_ms));
    },
  );
  app.delete(
    '/leases/:id',
    described({ summary: 'The test of a lease is over', tag: 'members', answer: leaseEnded }),
    async (c) => {
      rights.maySpeak(c);
      const id = c.req.param('id');
      const source = await bandwidth.leases.sourceOf(id);
      // One that is not there is over, which is what was asked for; a 404 would tell the member that it is forgotten.
      if (source !== undefined) {
        mustBeKnown(await membership.heartbeat(source, rights.bearer(c)));
        await bandwidth.leases.end(id);
      }
      return c.json({ status: 'ended' });
    },
  );
}
