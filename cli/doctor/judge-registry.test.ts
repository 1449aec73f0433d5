import { describe, expect, test } from 'vitest';
import { judgeClock, judgeJoinToken, judgeReady, judgeStages, judgeViewToken } from './judge-registry.ts';
import type { Stages } from './registry-stages.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 0, 1);
const to = { host: 'ring.example', port: 8756, secure: false };
const name = { addresses: ['192.0.2.1'] };
const tcp = { address: '192.0.2.1', ms: 1.5 };
const body = { status: 'healthy', version: '0.1.0', component: 'registry', timestamp: now / 1000 };
const http = { status: 200, body, sentMs: now - 10, receivedMs: now + 10 };

describe('the way to a registry', () => {
  test.each<[string, Stages, string[]]>([
    ['an unknown name', { ...to, name: { failed: 'ENOTFOUND' } }, ['problem registry: name']],
    [
      'a closed port',
      { ...to, name, tcp: { failed: 'ECONNREFUSED' } },
      ['ok registry: name', 'problem registry: TCP'],
    ],
    [
      'another program',
      { ...to, name, tcp, http: { ...http, status: 404, body: undefined } },
      ['ok registry: name', 'ok registry: TCP', 'problem registry: HTTP'],
    ],
    [
      'silence',
      { ...to, name, tcp, http: { failed: 'no answer within 5 s' } },
      ['ok registry: name', 'ok registry: TCP', 'problem registry: HTTP'],
    ],
    [
      'all well',
      { ...to, name, tcp, http },
      ['ok registry: name', 'ok registry: TCP', 'ok registry: HTTP', 'ok clock'],
    ],
    [
      'no TLS there',
      { ...to, secure: true, name, tcp, tls: { failed: 'EPROTO' } },
      ['ok registry: name', 'ok registry: TCP', 'problem registry: TLS'],
    ],
    [
      'a certificate of an unknown CA, that ends soon',
      { ...to, secure: true, name, tcp, tls: { distrust: 'self-signed', validToMs: now + 5 * day }, http },
      [
        'ok registry: name',
        'ok registry: TCP',
        'problem registry: TLS',
        "warning registry's certificate",
        'ok registry: HTTP',
        'ok clock',
      ],
    ],
  ])('%s', (_, stages, expected) => {
    expect(judgeStages(stages, now).map(({ outcome, check }) => `${outcome} ${check}`)).toEqual(expected);
  });

  test('a wrong name in a certificate is told apart from an unknown CA', () => {
    const said = (distrust: string) =>
      judgeStages({ ...to, secure: true, name, tcp, tls: { distrust } }, now).at(-1)?.todo;
    expect(said("Hostname/IP does not match certificate's altnames")).toContain('NETRING_REGISTRY_URL');
    expect(said('unable to verify the first certificate')).toContain('NETRING_TLS_CA');
  });
});

test.each([
  [0, 20, 'ok'],
  [1_900, 20, 'ok'],
  [3_000, 20, 'warning'],
  [-3_000, 20, 'warning'],
  // Within what the round trip leaves open nothing is claimed.
  [3_000, 4_000, 'ok'],
  [90_000, 20, 'problem'],
])('a clock %d ms ahead, asked within %d ms: %s', (aheadMs, roundTripMs, outcome) => {
  const received = now + aheadMs + roundTripMs / 2;
  expect(judgeClock(now, received - roundTripMs, received).outcome).toBe(outcome);
});

test.each([
  [400, true, 'ok'],
  [400, false, 'warning'],
  [401, true, 'problem'],
  [401, false, 'problem'],
  [429, true, 'skipped'],
  [503, true, 'skipped'],
  [undefined, true, 'skipped'],
])('the join token, answered %s, set %s: %s', (status, hasToken, outcome) => {
  expect(judgeJoinToken(status, hasToken).outcome).toBe(outcome);
});

test.each([
  [200, false, 'ok'],
  [401, true, 'problem'],
  [401, false, 'skipped'],
])('the view token, answered %s, set %s: %s', (status, hasToken, outcome) => {
  expect(judgeViewToken(status, hasToken).outcome).toBe(outcome);
});

test('why it is not ready is told', () => {
  expect(judgeReady({ status: 503, reasons: ['the store is away'] }).said).toContain('the store is away');
  expect(judgeReady({ status: 200, reasons: [] }).outcome).toBe('ok');
});
