import { alertsAnswer, silence, silenceRequest } from '@netring/contract/alert';
import { testAnswer } from '@netring/contract/receiver';
import { whatIfAnswer, whatIfRules, type WhatIfRule } from '@netring/contract/what-if';
import { refuse, refuseField } from './api-error.ts';
import { readJson } from './body.ts';
import type { App, Call, Rooms } from './context.ts';
import { described } from './describe.ts';
import { mustBeLoaded } from './membership.ts';

/** `/api/alerts`, `/api/alerts/what-if`, `/api/alerts/test`, `/api/silences`. Reading is held back for all of `/api`. */
export function alertRoutes(app: App, rooms: Rooms): void {
  const { alerts, delivery, rights } = rooms;
  app.get(
    '/api/alerts',
    described({
      summary: 'What pends and fires, what was resolved in the past day, and what is kept quiet',
      tag: 'alerts',
      answer: alertsAnswer,
    }),
    (c) => {
      rights.mayRead(c);
      mustBeLoaded(rooms);
      const receivers = delivery.receivers();
      return c.json({
        ...alerts.answer(rooms.stage.lookedAtMs()),
        now_ms: rooms.clock.nowMs(),
        ...(receivers.length > 0 && { receivers }),
      });
    },
  );
  app.get(
    '/api/alerts/what-if',
    described({
      summary:
        'What would have fired in the past day with another threshold; source narrows it to a location',
      tag: 'alerts',
      answer: whatIfAnswer,
    }),
    async (c) => {
      rights.mayRead(c);
      const { source } = c.req.query();
      const question = { rule: ruleOf(c), threshold: thresholdOf(c), ...(source && { source }) };
      const answer = await rooms.whatIf.ask(question, Math.round(rooms.clock.nowMs()));
      if (answer === 'busy')
        throw refuse(429, 'busy', 'another such question is being worked out: ask again in a few seconds', {
          'retry-after': '3',
        });
      return c.json(answer);
    },
  );
  app.post(
    '/api/alerts/test',
    described({
      summary: 'Sends a test to everybody who is told of incidents, and says how each took it',
      tag: 'alerts',
      answer: testAnswer,
    }),
    async (c) => {
      rights.mayOperate(c);
      const receivers = await delivery.test();
      if (receivers === 'busy')
        throw refuse(429, 'busy', 'another test is under way: ask again in a few seconds', {
          'retry-after': '5',
        });
      return c.json({ receivers });
    },
  );
  app.post(
    '/api/silences',
    described({
      summary: 'Keeps alerts quiet that match, for a time',
      tag: 'alerts',
      request: silenceRequest,
      answer: silence,
    }),
    async (c) => {
      rights.mayOperate(c);
      const entered = await alerts.silence(await readJson(c, silenceRequest));
      if (entered.outcome === 'too_many')
        throw refuse(429, 'too_many_silences', 'there are 500 silences already: remove some first');
      rooms.log.info({ silence: entered.silence }, 'a silence was entered');
      return c.json(entered.silence, 201);
    },
  );
  app.delete(
    '/api/silences/:id',
    described({ summary: 'Ends a silence', tag: 'alerts', answer: silence.pick({ id: true }) }),
    async (c) => {
      rights.mayOperate(c);
      const id = c.req.param('id');
      if (!(await alerts.unsilence(id)))
        throw refuse(404, 'unknown_silence', 'no such silence: see /api/alerts for those there are');
      rooms.log.info({ id }, 'a silence was removed');
      return c.json({ id });
    },
  );
}

function ruleOf(c: Call): WhatIfRule {
  const rule = whatIfRules.find((one) => one === c.req.query('rule'));
  if (rule === undefined) throw refuseField('rule', `must be one of ${whatIfRules.join(', ')}`);
  return rule;
}

function thresholdOf(c: Call): number {
  const text = c.req.query('threshold') ?? '';
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0 || value > 1e6)
    throw refuseField('threshold', 'must be a number from 0 to 1000000, in the unit of the rule');
  return value;
}
