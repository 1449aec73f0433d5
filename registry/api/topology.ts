import { graphAnswer, type GraphAnswer } from '@netring/contract/graph';
import {
  criticalAnswer,
  diffAnswer,
  graphEventsAnswer,
  patternsAnswer,
  serviceAnswer,
  slowAnswer,
  windowsAnswer,
  type DiffAnswer,
} from '@netring/contract/topology';
import { analyzeGraph, analyzeTraffic, criticalServices, slowDependencies } from '@netring/topology';
import { mapOf } from '../traffic/index.ts';
import { refuse, refuseField } from './api-error.ts';
import { graphAsked, momentOf, windowOf } from './asked-window.ts';
import type { App, Call, Rooms } from './context.ts';
import { described } from './describe.ts';
import { mustBeLoaded } from './membership.ts';
import { differencesOf } from './topology-diff.ts';
import { positionRoutes } from './topology-positions.ts';
import { serviceOf } from './topology-service.ts';
import { topologyTexts } from './topology-texts.ts';

const tag = 'service graph';
/** What the two sides of a difference are pictures of, unless told otherwise. */
const comparedMs = 60_000;

/** `/topology`: the service graph, as data and as text. Every one takes `window=`, or `from=` and `to=`. */
export function topologyRoutes(app: App, rooms: Rooms): void {
  app.use('/topology/*', async (c: Call, next) => {
    rooms.rights.mayRead(c);
    mustBeLoaded(rooms);
    await next();
  });
  app.get(
    '/topology',
    described({
      summary: 'The service graph of a window, with the measured paths under it',
      tag,
      answer: graphAnswer,
    }),
    async (c) => c.json(await graphAsked(c, rooms)),
  );
  app.get(
    '/topology/services/:id{.+}',
    described({
      summary:
        'What a service depends on, who depends on it, and how much; by id, or by a name that only one has',
      tag,
      answer: serviceAnswer,
    }),
    async (c) => {
      const { direction } = c.req.query();
      if (direction !== undefined && direction !== 'inbound' && direction !== 'outbound')
        throw refuseField('direction', 'must be inbound or outbound');
      const graph = await graphAsked(c, rooms);
      const answer = serviceOf(graph, c.req.param('id'), direction);
      if (answer === undefined)
        throw refuse(404, 'unknown_service', 'no such service in this window, or several of that name');
      return c.json(answer);
    },
  );
  questionRoutes(app, rooms);
  windowsRoute(app, rooms);
  diffRoute(app, rooms);
  eventsRoute(app, rooms);
  positionRoutes(app, rooms);
  topologyTexts(app, rooms);
}

function questionRoutes(app: App, rooms: Rooms): void {
  app.get(
    '/topology/critical',
    described({ summary: 'Services by what hangs on them', tag, answer: criticalAnswer }),
    async (c) => {
      const graph = await graphAsked(c, rooms);
      const map = mapOf(graph);
      return c.json({ ...served(graph), critical: criticalServices(map), ...analyzeGraph(map) });
    },
  );
  app.get(
    '/topology/slow',
    described({ summary: 'Dependencies whose mean latency is at least latency_ms', tag, answer: slowAnswer }),
    async (c) => {
      const asked = c.req.query('latency_ms') ?? '1000';
      const latencyMs = asked.trim() === '' ? NaN : Number(asked);
      if (!(latencyMs >= 0 && latencyMs <= 3_600_000))
        throw refuseField('latency_ms', 'must be a number of milliseconds, at most an hour');
      const graph = await graphAsked(c, rooms);
      const slow = slowDependencies(mapOf(graph), latencyMs) as unknown as { id: string }[];
      const byId = new Map(graph.dependencies.map((one) => [one.id, one]));
      const dependencies = slow.flatMap(({ id }) => byId.get(id) ?? []);
      return c.json({ ...served(graph), latency_ms: latencyMs, dependencies });
    },
  );
  app.get(
    '/topology/patterns',
    described({ summary: 'Totals over all dependencies', tag, answer: patternsAnswer }),
    async (c) => {
      const graph = await graphAsked(c, rooms);
      const { total_bytes, ...patterns } = analyzeTraffic(mapOf(graph));
      // Of traffic that nobody counted the bytes of there are not 0.
      return c.json({ ...served(graph), ...patterns, ...(total_bytes > 0 && { total_bytes }) });
    },
  );
}

function diffRoute(app: App, rooms: Rooms): void {
  app.get(
    '/topology/diff',
    described({
      summary:
        'What the window before `to` has and the window before `from` has not, the other way round, and what is worse',
      tag,
      answer: diffAnswer,
    }),
    async (c) => {
      const { from, to, window } = c.req.query();
      if (from === undefined) throw refuseField('from', 'must be given: epoch milliseconds or ISO 8601');
      const nowMs = Math.round(rooms.clock.nowMs());
      const windowMs = window === undefined ? comparedMs : windowOf(window);
      const [fromMs, toMs] = [
        momentOf('from', from, nowMs),
        to === undefined ? nowMs : momentOf('to', to, nowMs),
      ];
      const windowBefore = (atMs: number) =>
        rooms.traffic.window({ fromMs: atMs - windowMs, toMs: atMs, include: new Set<string>() });
      const [before, after] = [await windowBefore(fromMs), await windowBefore(toMs)];
      const times = { now_ms: nowMs, from_ms: fromMs, to_ms: toMs, window_ms: windowMs };
      return c.json({ ...times, ...differencesOf(before, after) } satisfies DiffAnswer);
    },
  );
}

function windowsRoute(app: App, rooms: Rooms): void {
  app.get(
    '/topology/windows',
    described({
      summary: 'Which times of the service graph are kept, how finely, and what went on in them',
      tag,
      answer: windowsAnswer,
    }),
    async (c) => c.json(await rooms.traffic.kept()),
  );
}

function eventsRoute(app: App, rooms: Rooms): void {
  app.get(
    '/topology/events',
    described({ summary: 'Services and dependencies that are new or lost', tag, answer: graphEventsAnswer }),
    (c) => c.json({ now_ms: Math.round(rooms.clock.nowMs()), events: [...rooms.traffic.news()] }),
  );
}

function served(graph: GraphAnswer): { now_ms: number; from_ms: number; to_ms: number } {
  return { now_ms: graph.now_ms, from_ms: graph.metadata.from_ms, to_ms: graph.metadata.to_ms };
}
