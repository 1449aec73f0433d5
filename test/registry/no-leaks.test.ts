import { errorAnswer } from '@netring/contract/error';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, type CallOptions } from './call.ts';
import { joinToken, startRegistry, type RunningRegistry } from './start-registry.ts';

let registry: RunningRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

const mark = 'echo-me-4711';
const member = { instance_id: 'a', location: 'us1', ip: '127.0.0.1', port: 1 };

const failing: [string, string, CallOptions][] = [
  ['a wrong field', '/register', { body: { ...member, location: `${mark}\n` }, bearer: joinToken }],
  ['a field of a wrong type', '/register', { body: { ...member, ip: [mark] }, bearer: joinToken }],
  [
    'a wrong target',
    '/register',
    { body: { ...member, external_targets: [{ kind: mark }] }, bearer: joinToken },
  ],
  ['broken JSON', '/register', { body: `{"${mark}`, bearer: joinToken }],
  ['a wrong token', '/register', { body: member, bearer: mark }],
  ['an unknown id', '/heartbeat', { body: { instance_id: mark } }],
  ['an unknown path', `/${mark}`, {}],
  ['an unknown pair', `/api/paths/${mark}/x`, {}],
  ['an unknown state', `/api/paths?state=${mark}`, {}],
  ['an unknown status', `/members?status=${mark}`, {}],
  ['a wrong login', '/login', { body: { token: mark } }],
  ['a foreign host', '/members', { headers: { host: `${mark}.example` } }],
  ['an impossible host', '/members', { headers: { host: `${mark} x` } }],
  ['an unknown encoding', '/report', { body: 'x', headers: { 'content-encoding': mark } }],
  ['another method', '/register', { method: 'DELETE' }],
];

describe('an error answer', () => {
  test.each(failing)('to %s has the shape of all, and neither echo nor inside', async (_, path, options) => {
    const answer = await call(registry.url, path, options);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(errorAnswer.strict().safeParse(answer.json).error).toBeUndefined();
    expect(answer.text).not.toContain(mark);
    expect(answer.text).not.toMatch(/\bat .*:\d+:\d+|node_modules|\.ts\b|Error:/);
  });
});

const everywhere: [string, string, CallOptions][] = [
  ...failing.filter(([what]) => what !== 'an impossible host'),
  ...[
    '/',
    '/assets/app-1.js',
    '/health',
    '/ready',
    '/metrics',
    '/members',
    '/api/overview',
    '/openapi.json',
  ].map((path): [string, string, CallOptions] => [path, path, {}]),
  ['a registration', '/register', { body: member, bearer: joinToken }],
];

test.each(everywhere)('security headers stand on the answer to %s', async (_, path, options) => {
  const { headers } = await call(registry.url, path, options);
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
  expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  });
  expect(headers['cache-control']).toBeDefined();
  expect(headers['x-powered-by'] ?? headers['server']).toBeUndefined();
});

test('security headers stand on the event stream', async () => {
  const stop = new AbortController();
  const { headers, body } = await fetch(`${registry.url}/events`, { signal: stop.signal });
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
  await body?.cancel();
  stop.abort();
});
