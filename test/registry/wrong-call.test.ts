import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call } from './call.ts';
import { expectRefused, invalid, startCalmRing, type CalmRing } from './calm-ring.ts';
import { joinToken } from './start-registry.ts';
import { reportOf } from './test-member.ts';

let ring: CalmRing;
beforeAll(async () => {
  ring = await startCalmRing();
});
afterAll(() => ring.registry.stop());

describe('a call in the name of a member', () => {
  const unknown = { code: 'unknown_member', message: 'this instance_id is not registered: register again' };
  const wrong = {
    code: 'wrong_session',
    message: 'this is not the session of this instance_id: register again',
  };
  const bodies: [string, (id: string) => object][] = [
    ['/heartbeat', (instance_id) => ({ instance_id })],
    ['/deregister', (instance_id) => ({ instance_id })],
    ['/report', (id) => reportOf(id, 1_000, { bob: 'timeout' })],
  ];

  test.each(bodies)('at %s that nobody knows is told so, whatever its session', async (path, body) => {
    for (const session of [undefined, 'x', ring.ann.session, joinToken])
      expectRefused(await ring.post(path, body('nobody'), session), 404, unknown);
  });

  test.each(bodies)("at %s with another's session, or none, is refused", async (path, body) => {
    for (const session of [undefined, 'x', ring.bob.session, joinToken])
      expectRefused(await ring.post(path, body('ann'), session), 401, wrong);
  });

  test.each(bodies)('at %s without an id is told so', async (path, body) => {
    const nameless = { ...body('ann'), instance_id: undefined };
    expectRefused(
      await ring.post(path, nameless, ring.ann.session),
      400,
      invalid('instance_id', 'is missing'),
    );
  });
});

describe('a path of the URL', () => {
  const nothing = { code: 'not_found', message: 'there is nothing here: see /openapi.json' };

  test.each([
    '/..%2Fetc/passwd',
    '/../../etc/passwd',
    '/assets/..%2f..%2f..%2fetc%2fpasswd',
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '//etc/passwd',
    '/%00',
    '/assets/app-1.js%00.html',
    '/%',
    '/%zz',
    '/index.html/../../x',
    '/.env',
    '/assets/',
  ])('%s leads nowhere', async (path) => {
    expectRefused(await call(ring.registry.url, path), 404, nothing);
  });

  test('that makes no URL is not understood', async () => {
    const error = { code: 'bad_request', message: 'the request was not understood' };
    expectRefused(await call(ring.registry.url, '/\\..\\..\\etc'), 400, error);
    expectRefused(await call(ring.registry.url, '/', { headers: { host: 'a b' } }), 400, error);
  });

  test('of two instance ids may hold anything, and finds only what there is', async () => {
    const error = { code: 'unknown_path', message: 'no such path: see /api/paths for those there are' };
    for (const path of [
      '/api/paths/ann/..%2Fbob',
      '/api/paths/%00/bob',
      '/api/paths/ann/__proto__',
      '/api/paths/%zz/bob',
    ])
      expectRefused(await call(ring.registry.url, path), 404, error);
    expect((await call(ring.registry.url, '/api/paths/ann/bob')).status).toBe(200);
  });

  test('may not filter by what there is not', async () => {
    const states = 'must be one of ok, degraded, down, unknown';
    expectRefused(await call(ring.registry.url, '/api/paths?state=red'), 400, invalid('state', states));
    const statuses = 'must be among online, stale, offline, deregistered';
    expectRefused(
      await call(ring.registry.url, '/members?status=online,dead'),
      400,
      invalid('status', statuses),
    );
  });
});

test('nothing of all this has changed what others see', () => ring.expectUndisturbed());
