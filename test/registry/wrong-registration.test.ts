import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call } from './call.ts';
import { expectRefused, invalid, startCalmRing, type CalmRing } from './calm-ring.ts';
import { joinToken } from './start-registry.ts';
import { join, members } from './test-member.ts';

let ring: CalmRing;
beforeAll(async () => {
  ring = await startCalmRing();
});
afterAll(() => ring.registry.stop());

const member = { instance_id: 'new', location: 'us1', ip: '127.0.0.1', port: 1003 };
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
    expectRefused(await ring.post('/register', body, joinToken), 400, error);
  });

  test('that is no object is told so', async () => {
    const error = { code: 'invalid_field', message: 'must be an object' };
    for (const body of ['[]', '"text"', '7', 'null'])
      expectRefused(await ring.post('/register', body, joinToken), 400, error);
  });

  test('that is no JSON is told so', async () => {
    const error = { code: 'broken_json', message: 'the body is not JSON' };
    for (const body of ['{', '', '<x/>', '{"a":1}}'])
      expectRefused(await ring.post('/register', body, joinToken), 400, error);
  });

  test('with HTML in its location is taken, and shown as the text that it is', async () => {
    const location = '<img src=x onerror=alert(1)>';
    const hostile = await join(ring.registry.url, 'hostile', { location, port: 1004 });
    const answer = await call(ring.registry.url, '/members');
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    const shown = (await members(ring.registry.url)).find(({ instance_id }) => instance_id === 'hostile');
    expect(shown?.location).toBe(location);
    const metrics = await call(ring.registry.url, '/metrics');
    expect(metrics.headers['content-type']).toMatch(/^text\/plain/);
    await hostile.deregister();
  });

  test('without a token, or with a wrong one, is refused', async () => {
    const error = {
      code: 'wrong_token',
      message: 'a member joins with the registry’s NETRING_TOKEN as bearer token',
    };
    expectRefused(await ring.post('/register', member), 401, error);
    expectRefused(await ring.post('/register', member, 'not the token'), 401, error);
    expectRefused(await ring.post('/register', member, ring.ann.session), 401, error);
  });
});

test('nothing of all this has changed what others see', () => ring.expectUndisturbed());
