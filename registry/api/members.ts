import { memberDetailAnswer, mostNamed, type MemberDetailAnswer } from '@netring/contract/member-detail';
import type { MemberPath, PathState } from '@netring/contract/path';
import { pathFigures } from '../paths/index.ts';
import { refuse } from './api-error.ts';
import type { App, Rooms } from './context.ts';
import { described } from './describe.ts';

/** `/api/members/{id}`; who may read is asked before, with all of `/api`. */
export function memberRoutes(app: App, rooms: Rooms): void {
  app.get(
    '/api/members/:id',
    described({
      summary: 'One member: what it measures, what the others see of it, and its own plan',
      tag: 'members',
      answer: memberDetailAnswer,
    }),
    (c) => {
      const answer = detailOf(rooms, c.req.param('id'));
      if (answer === undefined) throw refuse(404, 'unknown_member', 'no such member: see /members');
      return c.json(answer);
    },
  );
}

const worstFirst: Record<PathState, number> = { down: 0, degraded: 1, unknown: 2, ok: 3 };

function detailOf({ stage, picture, clock }: Rooms, id: string): MemberDetailAnswer | undefined {
  const member = stage.members().find((one) => one.instance_id === id);
  if (member === undefined) return undefined;
  const paths = picture.memberPaths({ member: id }, stage.lookedAtMs());
  const seen = paths.filter(({ target }) => target === id);
  const troubled = seen
    .filter(({ state, proved }) => proved && (state === 'down' || state === 'degraded'))
    .sort((one, other) => worstFirst[one.state] - worstFirst[other.state]);
  return {
    now_ms: clock.nowMs(),
    member,
    measures: pathFigures(paths.filter(({ source }) => source === id)),
    seen: pathFigures(seen),
    troubled: troubled.slice(0, mostNamed).map(inShort),
    more_troubled: Math.max(0, troubled.length - mostNamed),
  };
}

function inShort({ source, state, reasons: [reason] }: MemberPath): MemberDetailAnswer['troubled'][number] {
  return { source, state, ...(reason !== undefined && { reason }) };
}
