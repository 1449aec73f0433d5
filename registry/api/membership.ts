import {
  deregisterAnswer,
  deregisterRequest,
  heartbeatAnswer,
  heartbeatRequest,
  membersAnswer,
  memberStatuses,
  registerAnswer,
  registerRequest,
  type MemberStatus,
} from '@netring/contract/member';
import type { Task } from '@netring/contract/task';
import type { Spoken } from '../membership/index.ts';
import { answerJson } from './answer.ts';
import { refuse, refuseField } from './api-error.ts';
import { readJson } from './body.ts';
import { callerAddress, type App, type Call, type Rooms } from './context.ts';
import { described } from './describe.ts';

/** `/register`, `/heartbeat`, `/deregister`, `/members`. */
export function membershipRoutes(app: App, rooms: Rooms): void {
  const { membership, rights } = rooms;
  app.post(
    '/register',
    described({
      summary: 'A member joins',
      tag: 'members',
      request: registerRequest,
      answer: registerAnswer,
    }),
    async (c) => {
      rights.mayJoin(c);
      const from = callerAddress(c);
      if (!rooms.registrations.take(from, Date.now())) {
        throw refuse(429, 'too_many_registrations', 'too many registrations from this address', {
          'retry-after': '2',
        });
      }
      const request = await readJson(c, registerRequest);
      const registered = await membership.register(request, from);
      if (registered.outcome === 'refused') {
        const retry: Record<string, string> = registered.status === 429 ? { 'retry-after': '10' } : {};
        throw refuse(registered.status, registered.code, registered.message, retry);
      }
      const { instanceId, session } = registered;
      rooms.log.info({ instance_id: instanceId, location: request.location }, 'a member registered');
      return c.json({ instance_id: instanceId, status: 'registered', session, plan: membership.plan() });
    },
  );
  app.post(
    '/heartbeat',
    described({
      summary: 'A member lives',
      tag: 'members',
      request: heartbeatRequest,
      answer: heartbeatAnswer,
    }),
    async (c) => {
      rights.maySpeak(c);
      const { instance_id } = await readJson(c, heartbeatRequest);
      mustBeKnown(await membership.heartbeat(instance_id, rights.bearer(c)));
      rooms.log.debug({ instance_id }, 'heartbeat');
      return answerJson(c, { status: 'ok', plan: membership.plan(), ...tasksFor(instance_id, rooms) });
    },
  );
  app.post(
    '/deregister',
    described({
      summary: 'A member says goodbye',
      tag: 'members',
      request: deregisterRequest,
      answer: deregisterAnswer,
    }),
    async (c) => {
      rights.maySpeak(c);
      const { instance_id } = await readJson(c, deregisterRequest);
      mustBeKnown(await membership.deregister(instance_id, rights.bearer(c)));
      rooms.log.info({ instance_id }, 'a member said goodbye');
      return c.json({ status: 'deregistered' });
    },
  );
  app.get('/members', described({ summary: 'Who is there', tag: 'members', answer: membersAnswer }), (c) =>
    c.req.query('view') === 'plan' ? planAnswer(c, rooms) : listMembers(c, rooms),
  );
}

/** What a member is asked to do, as its answer carries it; nothing when it has nothing to do. */
export function tasksFor(id: string, { tasks }: Rooms): { tasks?: Task[] } {
  const pending = tasks.pendingFor(id);
  return pending.length === 0 ? {} : { tasks: pending };
}

/** Throws the answer for a member that is not known, or not who it says. */
export function mustBeKnown(spoken: Spoken): void {
  if (spoken.outcome === 'unknown_member') {
    throw refuse(404, 'unknown_member', 'this instance_id is not registered: register again');
  }
  if (spoken.outcome === 'wrong_session') {
    throw refuse(401, 'wrong_session', 'this is not the session of this instance_id: register again');
  }
}

/** Before the picture is there for the first time, an empty list would say that nobody is there. */
export function mustBeLoaded(rooms: Rooms): void {
  if (rooms.follower.everLoaded()) return;
  throw refuse(503, 'not_ready', 'the picture is not loaded yet: try again soon', { 'retry-after': '1' });
}

function listMembers(c: Call, rooms: Rooms): Response {
  rooms.rights.mayRead(c);
  mustBeLoaded(rooms);
  const wanted = c.req.query('status')?.split(',');
  const unknown = wanted?.find((status) => !memberStatuses.includes(status as MemberStatus));
  if (unknown !== undefined) {
    throw refuseField('status', `must be among ${memberStatuses.join(', ')}`);
  }
  const members = rooms.stage.members().filter((one) => wanted === undefined || wanted.includes(one.status));
  return c.json({ members });
}

function planAnswer(c: Call, rooms: Rooms): Response {
  const { rights, membership, directory } = rooms;
  const given = rights.bearer(c);
  const isMember = rights.bearsJoinToken(c) || (given !== undefined && membership.isAnySession(given));
  if (!isMember) rights.mayRead(c);
  mustBeLoaded(rooms);
  const plan = membership.plan();
  if (c.req.query('version') === plan.version) return c.body(null, 304);
  const heaviest = rooms.traffic.heaviest.pairs();
  return c.json({
    ...plan,
    members: directory.planMembers(),
    ...(heaviest.length > 0 && { heaviest }),
  });
}
