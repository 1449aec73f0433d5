import { describeInvalid } from '@netring/contract/error';
import { enteredAnswer, enteredFile, enteredImport } from '@netring/contract/entered';
import { ApiError } from './api-error.ts';
import { parseJson, readBody } from './body.ts';
import type { App, Rooms } from './context.ts';
import { described } from './describe.ts';
import { mustBeLoaded } from './membership.ts';

/** 10,000 positions with ids of ordinary length, and room. */
const mostBytes = 8 * 1024 * 1024;

/** `/api/entered`: what people entered, to take away and to put back. For operators. */
export function enteredRoutes(app: App, rooms: Rooms): void {
  const { entered, rights, clock } = rooms;
  app.get(
    '/api/entered',
    described({
      summary: 'What people entered: silences, places on the map, watchers; secrets=1: with their secrets',
      tag: 'operating',
      answer: enteredFile,
    }),
    (c) => {
      rights.mayOperate(c);
      mustBeLoaded(rooms);
      return c.json(entered.file(Math.round(clock.nowMs()), c.req.query('secrets') === '1'));
    },
  );
  app.post(
    '/api/entered',
    described({
      summary: 'Puts back what people entered; records are judged one by one, and nothing else is touched',
      tag: 'operating',
      request: enteredImport,
      answer: enteredAnswer,
    }),
    async (c) => {
      rights.mayOperate(c);
      mustBeLoaded(rooms);
      const parsed = enteredImport.safeParse(parseJson(await readBody(c, mostBytes)));
      if (!parsed.success) throw new ApiError(400, describeInvalid(parsed.error));
      const answer = await entered.restore(parsed.data, Math.round(clock.nowMs()));
      const { taken, unchanged, refused } = answer;
      rooms.log.info({ taken, unchanged, refused: refused.length }, 'what people entered was put back');
      return c.json(answer);
    },
  );
}
