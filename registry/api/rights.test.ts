import { createLogger } from '@netring/service/log';
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { answerError } from './api-error.ts';
import type { Env } from './context.ts';
import { createRights, type RightsOptions } from './rights.ts';

const tokens = ['the-join-token-of-this', 'the-join-token-before'];
const closed: RightsOptions = { tokens, viewToken: undefined, operatorToken: undefined, openReading: false };
const view = { ...closed, viewToken: 'the-view-token-of-this', operatorToken: 'the-operator-token' };

/** An application with the rights alone, called as from an address. */
function appWith(options: RightsOptions) {
  const rights = createRights(options);
  const app = new Hono<Env>();
  app.onError((error, c) => answerError(error, c, createLogger('registry', 'error')));
  app.get('/read', (c) => {
    rights.mayRead(c);
    return c.text('ok');
  });
  app.post('/join', (c) => {
    rights.mayJoin(c);
    return c.text('ok');
  });
  app.post('/operate', (c) => {
    rights.mayOperate(c);
    return c.text('ok');
  });
  app.post('/login', async (c) => {
    rights.login(c, await c.req.text());
    return c.text('ok');
  });
  return (path: string, from = '127.0.0.1', headers: Record<string, string> = {}, body?: string) => {
    const incoming = { socket: { remoteAddress: from } } as unknown as NonNullable<
      Env['Bindings']['incoming']
    >;
    const method = path === '/read' ? 'GET' : 'POST';
    return app.request(path, { method, headers, ...(body === undefined ? {} : { body }) }, { incoming });
  };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('reading without a view token', () => {
  test.each<[string, string, Record<string, string>, number]>([
    ['from this machine', '127.0.0.1', {}, 200],
    ['from another loopback address', '127.8.9.1', {}, 200],
    ['from this machine by IPv6', '::1', {}, 200],
    ['from this machine by IPv4 in IPv6', '::ffff:127.0.0.1', {}, 200],
    ['from elsewhere', '192.0.2.1', {}, 401],
    ['from elsewhere by IPv4 in IPv6', '::ffff:192.0.2.1', {}, 401],
    ['from elsewhere with the join token', '192.0.2.1', bearer('the-join-token-of-this'), 401],
    ['through a proxy on this machine', '127.0.0.1', { 'x-forwarded-for': '192.0.2.1' }, 401],
    ['through a proxy that says so in the standard way', '127.0.0.1', { forwarded: 'for=192.0.2.1' }, 401],
    ['by its name', '127.0.0.1', { host: 'localhost:8756' }, 200],
    ['by its address', '127.0.0.1', { host: '127.0.0.1:8756' }, 200],
    ['by its IPv6 address', '::1', { host: '[::1]:8756' }, 200],
    ["by somebody else's name that was made to point here", '127.0.0.1', { host: 'evil.example:8756' }, 403],
    ['by a name that begins like ours', '127.0.0.1', { host: 'localhost.evil.example' }, 403],
    ['by a name that begins like our address', '127.0.0.1', { host: '127.0.0.1.evil.example' }, 403],
  ])('%s', async (_, from, headers, status) => {
    expect((await appWith(closed)('/read', from, headers)).status).toBe(status);
  });
});

describe('reading with a view token', () => {
  test.each<[string, Record<string, string>, number]>([
    ['bearing it', bearer('the-view-token-of-this'), 200],
    ['bearing the operator token', bearer('the-operator-token'), 200],
    ['in another case of the scheme', { authorization: 'bearer the-view-token-of-this' }, 200],
    ['bearing nothing', {}, 401],
    ['bearing something else', bearer('the-view-token-of-that'), 401],
    ['bearing the join token', bearer('the-join-token-of-this'), 401],
    ['as basic authentication', { authorization: 'Basic the-view-token-of-this' }, 401],
    ['with the token itself for a cookie', { cookie: 'netring_view=the-view-token-of-this' }, 401],
  ])('%s', async (_, headers, status) => {
    for (const from of ['127.0.0.1', '192.0.2.1'])
      expect((await appWith(view)('/read', from, headers)).status).toBe(status);
  });

  test('is open to everybody where that was chosen', async () => {
    expect((await appWith({ ...view, openReading: true })('/read', '192.0.2.1')).status).toBe(200);
  });

  test('a login trades it for a cookie that no script can read, and that is not the token', async () => {
    const call = appWith(view);
    const { status, headers } = await call('/login', '192.0.2.1', {}, 'the-view-token-of-this');
    const cookie = headers.get('set-cookie') ?? '';
    expect(status).toBe(200);
    expect(cookie).toMatch(
      /^netring_view=[0-9a-f]{64}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const sent = { cookie: cookie.split(';')[0] ?? '' };
    expect((await call('/read', '192.0.2.1', sent)).status).toBe(200);
    expect(
      (await appWith({ ...view, viewToken: 'another-view-token' })('/read', '192.0.2.1', sent)).status,
    ).toBe(401);
    const secure = await call(
      '/login',
      '192.0.2.1',
      { 'x-forwarded-proto': 'https' },
      'the-view-token-of-this',
    );
    expect(secure.headers.get('set-cookie')).toMatch(/; Secure/);
  });

  test('a wrong login is refused, and not for ever', async () => {
    const call = appWith(view);
    const statuses: number[] = [];
    for (let i = 0; i < 25; i++) statuses.push((await call('/login', '192.0.2.1', {}, 'a-guess')).status);
    expect(statuses.slice(0, 20)).toEqual(new Array(20).fill(401));
    expect(statuses.at(-1)).toBe(429);
    expect((await call('/login', '192.0.2.2', {}, 'a-guess')).status).toBe(401);
    expect((await call('/login', '192.0.2.1', {}, 'the-view-token-of-this')).status).toBe(200);
  });
});

describe('joining', () => {
  test.each<[string, readonly string[], Record<string, string>, number]>([
    ['with the token', tokens, bearer('the-join-token-of-this'), 200],
    ['with the token before, during rotation', tokens, bearer('the-join-token-before'), 200],
    ['without a token', tokens, {}, 401],
    ['with another token', tokens, bearer('the-join-token-of-that'), 401],
    ['where none is asked', [], {}, 200],
  ])('%s', async (_, asked, headers, status) => {
    const answer = await appWith({ ...closed, tokens: asked })('/join', '192.0.2.1', headers);
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  test.each<[string, Record<string, string>, number]>([
    ['a page of another site', { origin: 'http://evil.example', host: '127.0.0.1:8756' }, 403],
    ['a page without an origin to tell', { origin: 'null', host: '127.0.0.1:8756' }, 403],
    [
      "a page under somebody else's name that points here",
      { host: 'evil.example', origin: 'http://evil.example' },
      403,
    ],
    ['a program', {}, 200],
  ])(
    'where no token is asked is not for everything that runs in a browser here: %s',
    async (_, headers, status) => {
      const answer = await appWith({ ...closed, tokens: [] })('/join', '127.0.0.1', headers);
      expect(answer.status).toBe(status);
    },
  );
});

describe('operating', () => {
  const open: RightsOptions = { ...closed, tokens: [] };
  const host = { host: 'netring.example' };
  const operator = bearer('the-operator-token');
  test.each<[string, RightsOptions, string, Record<string, string>, number]>([
    ['is open on this machine where nothing asks for a token', open, '127.0.0.1', {}, 200],
    ['is not open from elsewhere', open, '192.0.2.1', {}, 401],
    ['is off where tokens are asked for and there is none for it', closed, '127.0.0.1', {}, 403],
    ['needs its token', view, '127.0.0.1', {}, 401],
    ['takes its token', view, '192.0.2.1', operator, 200],
    ['does not take the view token', view, '192.0.2.1', bearer('the-view-token-of-this'), 401],
    ['does not take a join token', view, '192.0.2.1', bearer('the-join-token-of-this'), 401],
    [
      'takes a page of ours',
      view,
      '1.2.3.4',
      { ...operator, ...host, origin: 'https://netring.example' },
      200,
    ],
    [
      'refuses a page of others',
      view,
      '1.2.3.4',
      { ...operator, ...host, origin: 'https://evil.example' },
      403,
    ],
    ['refuses a page without an origin', view, '1.2.3.4', { ...operator, ...host, origin: 'null' }, 403],
    ['refuses other ports', open, '127.0.0.1', { host: '127.0.0.1:1', origin: 'http://127.0.0.1:2' }, 403],
  ])('%s', async (_, options, from, headers, status) => {
    expect((await appWith(options)('/operate', from, headers)).status).toBe(status);
  });

  test("takes the cookie that the operator's token was traded for, not that of the view token", async () => {
    const app = appWith(view);
    const cookieFor = async (token: string) =>
      (await app('/login', '192.0.2.1', {}, token)).headers.get('set-cookie')?.split(';')[0] ?? '';
    const asOperator = await cookieFor('the-operator-token');
    const asReader = await cookieFor('the-view-token-of-this');
    expect((await app('/operate', '192.0.2.1', { cookie: asOperator })).status).toBe(200);
    expect((await app('/operate', '192.0.2.1', { cookie: asReader })).status).toBe(401);
  });
});
