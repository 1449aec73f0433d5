import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { call, type Answer, type CallOptions } from './call.ts';
import { joinToken, startRegistry, type RunningRegistry } from './start-registry.ts';
import {
  join,
  lasting,
  members,
  overview,
  reportAnswerOf,
  reportOf,
  type TestMember,
} from './test-member.ts';

let registry: RunningRegistry;
let ann: TestMember;
let bob: TestMember;
let before: unknown;

/** What others see, apart from what passes by itself. */
async function picture() {
  const { location_paths, coverage, log_id: _, ...rest } = await overview(registry.url);
  const { planned, measured } = coverage;
  const paths = location_paths.map(({ source, target, state, reasons, paths }) => ({
    source,
    target,
    state,
    reasons,
    paths,
  }));
  return {
    members: lasting(await members(registry.url)),
    seen: lasting(rest.members),
    paths,
    planned,
    measured,
  };
}

beforeAll(async () => {
  registry = await startRegistry();
  ann = await join(registry.url, 'ann', { location: 'us1', port: 1001 });
  bob = await join(registry.url, 'bob', { location: 'eu1', port: 1002 });
  await ann.report({ bob: 'ok' });
  await bob.report({ ann: 'ok' });
  await vi.waitFor(async () => expect((await overview(registry.url)).coverage.measured).toBe(2), 5_000);
  before = await picture();
});
afterAll(() => registry.stop());

const member = { instance_id: 'new', location: 'us1', ip: '127.0.0.1', port: 1003 };
const post = (
  path: string,
  body: CallOptions['body'],
  bearer?: string,
  headers: Record<string, string> = {},
) => call(registry.url, path, { method: 'POST', body, bearer, headers });

/** The whole answer: nothing stands in it but this. */
function expectRefused(
  answer: Answer,
  status: number,
  error: { code: string; message: string; field?: string },
): void {
  expect({ status: answer.status, body: answer.json }).toEqual({ status, body: { error } });
}

const invalid = (field: string, message: string) => ({
  code: 'invalid_field',
  message: `${field}: ${message}`,
  field,
});
const portMessage = 'must be a whole number from 1 to 65535';

describe('a registration', () => {
  test.each<[string, object, { code: string; message: string; field?: string }]>([
    ['with the port as text', { ...member, port: '1003' }, invalid('port', portMessage)],
    ['with a port too high', { ...member, port: 65536 }, invalid('port', portMessage)],
    ['without a port', { ...member, port: undefined }, invalid('port', portMessage)],
    ['without an address', { ...member, ip: undefined }, invalid('ip', 'must be an IPv4 or IPv6 address')],
    [
      'with a name for an address',
      { ...member, ip: 'example.org' },
      invalid('ip', 'must be an IPv4 or IPv6 address'),
    ],
    ['without a location', { ...member, location: undefined }, invalid('location', 'is missing')],
    ['with a number for a location', { ...member, location: 7 }, invalid('location', 'must be text')],
    ['with an empty location', { ...member, location: '' }, invalid('location', 'must not be empty')],
    [
      'with control characters in its location',
      { ...member, location: 'us1\u001b[2J' },
      invalid('location', 'must not contain control characters'),
    ],
    [
      'with a huge id',
      { ...member, instance_id: 'x'.repeat(129) },
      invalid('instance_id', 'must be at most 128 characters'),
    ],
  ])('%s is told so', async (_, body, error) => {
    expectRefused(await post('/register', body, joinToken), 400, error);
  });

  test('that is no object is told so', async () => {
    const error = { code: 'invalid_field', message: 'must be an object' };
    for (const body of ['[]', '"text"', '7', 'null'])
      expectRefused(await post('/register', body, joinToken), 400, error);
  });

  test('that is no JSON is told so', async () => {
    const error = { code: 'broken_json', message: 'the body is not JSON' };
    for (const body of ['{', '', '<x/>', '{"a":1}}'])
      expectRefused(await post('/register', body, joinToken), 400, error);
  });

  test('with HTML in its location is taken, and shown as the text that it is', async () => {
    const location = '<img src=x onerror=alert(1)>';
    const hostile = await join(registry.url, 'hostile', { location, port: 1004 });
    const answer = await call(registry.url, '/members');
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    const shown = (await members(registry.url)).find(({ instance_id }) => instance_id === 'hostile');
    expect(shown?.location).toBe(location);
    const metrics = await call(registry.url, '/metrics');
    expect(metrics.headers['content-type']).toMatch(/^text\/plain/);
    await hostile.deregister();
  });

  test('without a token, or with a wrong one, is refused', async () => {
    const error = {
      code: 'wrong_token',
      message: 'a member joins with the registry’s NETRING_TOKEN as bearer token',
    };
    expectRefused(await post('/register', member), 401, error);
    expectRefused(await post('/register', member, 'not the token'), 401, error);
    expectRefused(await post('/register', member, ann.session), 401, error);
  });
});

describe('a body', () => {
  const tooLarge = (bytes: number) => ({
    code: 'body_too_large',
    message: `the body may have at most ${bytes} bytes`,
  });

  test('that is too large is refused by what it announces', async () => {
    expectRefused(await post('/register', Buffer.alloc(65_537), joinToken), 413, tooLarge(65_536));
  });

  test('that is too large is refused as it comes, when it announces nothing', async () => {
    const options = { body: Buffer.alloc(70_000), bearer: ann.session, chunked: true };
    expectRefused(await call(registry.url, '/heartbeat', options), 413, tooLarge(65_536));
  });

  test('that inflates beyond the limit is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(100_000);
    const answer = await post('/report', bomb, ann.session, { 'content-encoding': 'gzip' });
    expectRefused(answer, 413, tooLarge(4_194_304));
  });

  test('that is broken gzip, or of an encoding nobody knows, is refused', async () => {
    const broken = { code: 'broken_gzip', message: 'the body is not what content-encoding: gzip says' };
    const whole = gzipSync(JSON.stringify(reportOf('ann', 9, {})));
    for (const body of [randomBytes(100), whole.subarray(0, -9), Buffer.alloc(0)])
      expectRefused(await post('/report', body, ann.session, { 'content-encoding': 'gzip' }), 400, broken);
    expectRefused(await post('/report', '{}', ann.session, { 'content-encoding': 'br' }), 415, {
      code: 'unknown_encoding',
      message: 'content-encoding must be gzip or absent',
    });
  });
});

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
    for (const session of [undefined, 'x', ann.session, joinToken])
      expectRefused(await post(path, body('nobody'), session), 404, unknown);
  });

  test.each(bodies)("at %s with another's session, or none, is refused", async (path, body) => {
    for (const session of [undefined, 'x', bob.session, joinToken])
      expectRefused(await post(path, body('ann'), session), 401, wrong);
  });

  test.each(bodies)('at %s without an id is told so', async (path, body) => {
    const nameless = { ...body('ann'), instance_id: undefined };
    expectRefused(await post(path, nameless, ann.session), 400, invalid('instance_id', 'is missing'));
  });
});

describe('a report', () => {
  test('with bad records has these refused with index, field and reason, and the others taken', async () => {
    const report = reportOf('ann', 1, { bob: 'ok' });
    const good = report.paths[0] as object;
    const bad = [
      { ...good, target: '' },
      { ...good, sent: -1 },
      'nonsense',
      { ...good, last: { kind: 'icmp' } },
    ];
    const answer = await post('/report', { ...report, paths: [...bad, good] }, ann.session);
    expect(answer.status).toBe(200);
    expect(reportAnswerOf(answer).refused).toEqual([
      { index: 0, field: 'target', reason: 'target: must not be empty' },
      { index: 1, field: 'sent', reason: 'sent: Too small: expected number to be >=0' },
      { index: 2, reason: 'must be an object' },
      {
        index: 3,
        field: 'last.kind',
        reason: "last.kind: Invalid discriminator value. Expected 'tcp' | 'http'",
      },
    ]);
  });

  test('about members that do not exist is taken, and shown to nobody', async () => {
    const answer = await post(
      '/report',
      reportOf('ann', 2, { 'x<script>': 'timeout', bob: 'ok' }),
      ann.session,
    );
    expect(answer.status).toBe(200);
    expect((await call(registry.url, '/api/paths')).text).not.toContain('script');
  });

  test('with too many records is refused as a whole', async () => {
    const paths = new Array(5_001).fill({});
    const answer = await post('/report', { ...reportOf('ann', 3, {}), paths }, ann.session);
    expectRefused(answer, 400, invalid('paths', 'must have at most 5000 records'));
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
    expectRefused(await call(registry.url, path), 404, nothing);
  });

  test('that makes no URL is not understood', async () => {
    const error = { code: 'bad_request', message: 'the request was not understood' };
    expectRefused(await call(registry.url, '/\\..\\..\\etc'), 400, error);
    expectRefused(await call(registry.url, '/', { headers: { host: 'a b' } }), 400, error);
  });

  test('of two instance ids may hold anything, and finds only what there is', async () => {
    const error = { code: 'unknown_path', message: 'no such path: see /api/paths for those there are' };
    for (const path of [
      '/api/paths/ann/..%2Fbob',
      '/api/paths/%00/bob',
      '/api/paths/ann/__proto__',
      '/api/paths/%zz/bob',
    ])
      expectRefused(await call(registry.url, path), 404, error);
    expect((await call(registry.url, '/api/paths/ann/bob')).status).toBe(200);
  });

  test('may not filter by what there is not', async () => {
    const states = 'must be one of ok, degraded, down, unknown';
    expectRefused(await call(registry.url, '/api/paths?state=red'), 400, invalid('state', states));
    const statuses = 'must be among online, stale, offline, deregistered';
    expectRefused(await call(registry.url, '/members?status=online,dead'), 400, invalid('status', statuses));
  });
});

test('nothing of all this has changed what others see', async () => {
  const after = await picture();
  const mine = (views: unknown) => views as { instance_id: string }[];
  const withoutHostile = (views: unknown) =>
    mine(views).filter(({ instance_id }) => instance_id !== 'hostile');
  expect({ ...after, members: withoutHostile(after.members), seen: withoutHostile(after.seen) }).toEqual(
    before,
  );
});
