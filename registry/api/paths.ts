import { overviewAnswer } from '@netring/contract/overview';
import { pathAnswer, pathsAnswer, pathStates, type PathAnswer, type PathState } from '@netring/contract/path';
import { refuse, refuseField } from './api-error.ts';
import type { App, Call, Rooms } from './context.ts';
import { described } from './describe.ts';

/** `/api/overview`, `/api/paths`, `/api/paths/{source}/{target}`. */
export function pathRoutes(app: App, rooms: Rooms): void {
  const { picture, stage } = rooms;
  app.use('/api/*', async (c: Call, next) => {
    rooms.rights.mayRead(c);
    await next();
  });
  app.get(
    '/api/overview',
    described({ summary: 'Members, location paths and coverage', tag: 'paths', answer: overviewAnswer }),
    (c) => c.body(rooms.stage.encodedOverview(), 200, { 'content-type': 'application/json' }),
  );
  app.get(
    '/api/paths',
    described({
      summary: 'Paths of locations and members; source, target and state filter',
      tag: 'paths',
      answer: pathsAnswer,
    }),
    (c) => {
      const { source, target, state } = c.req.query();
      if (state !== undefined && !pathStates.includes(state as PathState)) {
        throw refuseField('state', `must be one of ${pathStates.join(', ')}`);
      }
      const nowMs = stage.lookedAtMs();
      const location_paths = picture
        .locationPaths()
        .filter((one) => (source ?? one.source) === one.source && (target ?? one.target) === one.target)
        .filter((one) => (state ?? one.state) === one.state);
      const filter = {
        ...(source === undefined ? {} : { source }),
        ...(target === undefined ? {} : { target }),
      };
      const member_paths = picture
        .memberPaths(filter, nowMs)
        .filter((one) => (state ?? one.state) === one.state);
      return c.json({ now_ms: rooms.clock.nowMs(), location_paths, member_paths });
    },
  );
  app.get(
    '/api/paths/:source/:target',
    described({
      summary: 'One member path and its way back with their routes, by instance ids',
      tag: 'paths',
      answer: pathAnswer,
    }),
    (c) => {
      const answer = pathAnswerOf(rooms, c.req.param('source'), c.req.param('target'));
      if (answer === undefined)
        throw refuse(404, 'unknown_path', 'no such path: see /api/paths for those there are');
      return c.json(answer);
    },
  );
}

/** Everything that is known of a path and its way back; `undefined` when there is no such path. */
function pathAnswerOf(rooms: Rooms, source: string, target: string): PathAnswer | undefined {
  const { picture, routes } = rooms;
  const nowMs = rooms.stage.lookedAtMs();
  const path = picture.memberPath(source, target, nowMs);
  if (path === undefined) return undefined;
  const back = picture.memberPath(target, source, nowMs);
  return {
    now_ms: rooms.clock.nowMs(),
    path,
    ...(back !== undefined && { back }),
    traces: { forward: routes.tracesOf(source, target), back: routes.tracesOf(target, source) },
    route_changes: [...routes.changesOf(source, target), ...routes.changesOf(target, source)].sort(
      (a, b) => b.at_ms - a.at_ms,
    ),
    bandwidth: rooms.bandwidth.tests.ofPath(source, target, nowMs),
    baselines: [...(rooms.history.baselinesOf(source, target) ?? [])],
  };
}
