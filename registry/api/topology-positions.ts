import { positionsAnswer, positionsRequest, tidyRequest } from '@netring/contract/topology';
import { refuse } from './api-error.ts';
import { readJson } from './body.ts';
import type { App, Rooms } from './context.ts';
import { described } from './describe.ts';

const tag = 'service graph';

/** Where services stand on everybody's screen: put by hand, or laid out anew. For operators. */
export function positionRoutes(app: App, rooms: Rooms): void {
  const { positions } = rooms.traffic;
  const full = () => refuse(429, 'too_many_positions', 'there are places for 10,000 services already');
  app.put(
    '/topology/positions',
    described({
      summary: 'Puts services where everybody sees them; for operators',
      tag,
      request: positionsRequest,
      answer: positionsAnswer,
    }),
    async (c) => {
      rooms.rights.mayOperate(c);
      const { positions: wanted } = await readJson(c, positionsRequest);
      if (!(await rooms.traffic.move(wanted))) throw full();
      return c.json({ status: 'ok', positions: positions.of(Object.keys(wanted)) });
    },
  );
  app.post(
    '/topology/tidy',
    described({
      summary:
        'Lays out all services anew, for everybody; what was pinned stays unless released; for operators',
      tag,
      request: tidyRequest,
      answer: positionsAnswer,
    }),
    async (c) => {
      rooms.rights.mayOperate(c);
      const { release_pinned: releasesPinned = false } = await readJson(c, tidyRequest);
      if (!(await rooms.traffic.tidy(releasesPinned))) throw full();
      return c.json({ status: 'ok', positions: positions.of(Object.keys(rooms.traffic.live().services)) });
    },
  );
}
