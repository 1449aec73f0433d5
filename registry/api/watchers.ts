import { watcher, watcherCreated, watcherRequest, watchersAnswer } from '@netring/contract/link';
import { mostWatchers } from '../traffic/index.ts';
import { refuse, refuseField } from './api-error.ts';
import { readJson } from './body.ts';
import type { App, Call, Rooms } from './context.ts';
import { described } from './describe.ts';
import { mustBeLoaded } from './membership.ts';

/** `/topology/watchers`: URLs that get samples of links POSTed. */
export function watcherRoutes(app: App, rooms: Rooms): void {
  const { links, rights } = rooms;
  app.get(
    '/topology/watchers',
    described({ summary: 'Who watches links, and how it goes', tag: 'links', answer: watchersAnswer }),
    (c) => {
      rights.mayRead(c);
      mustBeLoaded(rooms);
      return c.json({ now_ms: Math.round(rooms.clock.nowMs()), watchers: links.watchers.all() });
    },
  );
  app.post(
    '/topology/watchers',
    described({
      summary: 'Subscribes a URL to links and metrics',
      tag: 'links',
      request: watcherRequest,
      answer: watcherCreated,
    }),
    async (c) => {
      rights.mayOperate(c);
      mustBeLoaded(rooms);
      const added = await links.watchers.add(await readJson(c, watcherRequest));
      if (added.outcome === 'too_many')
        throw refuse(
          429,
          'too_many_watchers',
          `there are ${mostWatchers} watchers already: remove some first`,
        );
      if (added.outcome === 'forbidden') throw refuseField('url', added.reason);
      const { id, interval_s } = added.watcher;
      rooms.log.info({ id, interval_s }, 'a watcher was entered');
      return c.json(added.watcher, 201);
    },
  );
  const remove = async (c: Call, id: string) => {
    rights.mayOperate(c);
    mustBeLoaded(rooms);
    if (!(await links.watchers.remove(id)))
      throw refuse(404, 'unknown_watcher', 'no such watcher: see /topology/watchers for those there are');
    rooms.log.info({ id }, 'a watcher was removed');
    return c.json({ id });
  };
  const about = { summary: 'Ends a watcher', tag: 'links', answer: watcher.pick({ id: true }) };
  app.delete('/topology/watchers/:id', described(about), (c) => remove(c, c.req.param('id')));
  app.delete('/topology/watchers', described(about), (c) => remove(c, c.req.query('id') ?? ''));
}
