import { coverageAnswer } from '@netring/contract/coverage';
import type { App, Rooms } from './context.ts';
import { described } from './describe.ts';

/** `/api/coverage`. */
export function coverageRoutes(app: App, rooms: Rooms): void {
  app.get(
    '/api/coverage',
    described({
      summary: 'How well the plan covers the ring: pairs, in-degree, what is not measured, what is oldest',
      tag: 'paths',
      answer: coverageAnswer,
    }),
    (c) => {
      const covered = rooms.picture.planCoverage(rooms.stage.lookedAtMs());
      return c.json({ now_ms: Math.round(rooms.clock.nowMs()), ...covered, traffic: rooms.traffic.digest() });
    },
  );
}
