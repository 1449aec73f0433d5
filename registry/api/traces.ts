import { traceAccepted, traceRequest, traceTaskAnswer } from '@netring/contract/trace';
import { refuse, refuseField } from './api-error.ts';
import { readJson } from './body.ts';
import { callerAddress, type App, type Call, type Rooms } from './context.ts';
import { described } from './describe.ts';

/** A member learns of it with its next report, waits for its limit, and traces: more is not worth waiting for. */
const traceForMs = 30_000;
/** Longer waits are for asking again. */
const longestWaitS = 30;

/** `POST /api/traces`, `GET /api/traces/{task}`. */
export function traceRoutes(app: App, rooms: Rooms): void {
  const { picture, routes, tasks } = rooms;
  app.post(
    '/api/traces',
    described({
      summary: 'Trace now, from one member to another',
      tag: 'paths',
      request: traceRequest,
      answer: traceAccepted,
    }),
    async (c) => {
      rooms.rights.mayOperate(c);
      const { source, target } = await readJson(c, traceRequest);
      if (picture.memberPath(source, target, rooms.stage.lookedAtMs()) === undefined)
        throw refuse(404, 'unknown_path', 'no such path: see /api/paths for those there are');
      mayTrace(c, rooms);
      const task = await tasks.ask({ member: source, kind: 'traceroute', target }, traceForMs);
      if (task === undefined)
        throw refuse(429, 'too_many_tasks', 'this member has enough to do: try again soon', {
          'retry-after': '10',
        });
      rooms.log.info({ source, target, task: task.id }, 'a trace was asked for');
      return c.json({ task: task.id, deadline_ms: leftMs(task.untilMs, rooms) });
    },
  );
  app.get(
    '/api/traces/:task',
    described({
      summary: 'A trace that was asked for; waits up to wait_s seconds for it',
      tag: 'paths',
      answer: traceTaskAnswer,
    }),
    async (c) => {
      const id = c.req.param('task');
      const task = tasks.get(id);
      if (task === undefined && routes.ofTask(id) === undefined)
        throw refuse(404, 'unknown_task', 'no such task, or it is long over');
      const limitMs = Math.min(waitMs(c), task === undefined ? 0 : leftMs(task.untilMs, rooms));
      const trace = routes.ofTask(id) ?? (await routes.awaitTask(id, limitMs));
      if (trace !== undefined) return c.json({ task: id, state: 'done', trace });
      const waiting = task !== undefined && leftMs(task.untilMs, rooms) > 0;
      return c.json({ task: id, state: waiting ? 'waiting' : 'expired' });
    },
  );
}

function mayTrace(c: Call, rooms: Rooms): void {
  if (rooms.traceRequests.take(callerAddress(c), Date.now())) return;
  throw refuse(429, 'too_many_traces', 'too many traces asked for from this address: wait a few seconds', {
    'retry-after': '5',
  });
}

function leftMs(untilMs: number, rooms: Rooms): number {
  return Math.max(0, Math.round(untilMs - rooms.clock.nowMs()));
}

function waitMs(c: Call): number {
  const text = c.req.query('wait_s') ?? '0';
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds > longestWaitS)
    throw refuseField('wait_s', `must be a number of seconds from 0 to ${longestWaitS}`);
  return seconds * 1000;
}
