import { z } from 'zod';
import { readJson } from './body.ts';
import type { App, Rooms } from './context.ts';
import { described } from './describe.ts';

const loginRequest = z.object({ token: z.string().min(1).max(512) });

/** `POST /login`: the dashboard asks once and keeps a cookie that no script can read. */
export function loginRoutes(app: App, rooms: Rooms): void {
  app.post(
    '/login',
    described({
      summary: 'Trades the view token for a cookie',
      tag: 'dashboard',
      request: loginRequest,
      answer: z.object({ status: z.literal('ok') }),
    }),
    async (c) => {
      const { token } = await readJson(c, loginRequest);
      rooms.rights.login(c, token);
      return c.json({ status: 'ok' });
    },
  );
}
