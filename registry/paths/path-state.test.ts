import type { Outcome, Result } from '@netring/contract/result';
import { describe, expect, test } from 'vitest';
import { pathState, type Evidence } from './path-state.ts';

const known = { endpoint: undefined, ageMs: 0, freshMs: 25_000, sent: 12, lost: 0 };

function tcp(outcome: Outcome, change: Partial<Evidence> & { confirmed?: boolean } = {}): Evidence {
  const { confirmed, ...rest } = change;
  const last: Result = { kind: 'tcp', outcome, ended_ms: 0, ...(confirmed ? { confirmed } : {}) };
  return { ...known, last, ...rest };
}

function http(outcome: Outcome, status?: number, change: Partial<Evidence> = {}): Evidence {
  const last: Result = { kind: 'http', outcome, ended_ms: 0, ...(status === undefined ? {} : { status }) };
  return { ...known, endpoint: '/health', last, ...change };
}

const never = { ...known, last: undefined, ageMs: Infinity };

describe('a path', () => {
  test.each<[string, Evidence[], ReturnType<typeof pathState>]>([
    ['without checks', [], { state: 'unknown', reasons: ['not measured yet'], answering: true }],
    [
      'of which every result was void',
      [never],
      { state: 'unknown', reasons: ['not measured yet'], answering: true },
    ],
    ['where all is well', [tcp('ok'), http('ok', 200)], { state: 'ok', reasons: [], answering: true }],
    ['with TCP alone', [tcp('ok')], { state: 'ok', reasons: [], answering: true }],
    [
      'whose far end refuses',
      [tcp('refused')],
      {
        state: 'ok',
        reasons: ['TCP connect was refused: the path is up, nothing listens there'],
        answering: false,
      },
    ],
    [
      'whose far end refuses while HTTP times out',
      [tcp('refused'), http('timeout')],
      {
        state: 'ok',
        reasons: ['TCP connect was refused: the path is up, nothing listens there', 'GET /health timed out'],
        answering: false,
      },
    ],
    [
      'where TCP times out',
      [tcp('timeout')],
      { state: 'down', reasons: ['TCP connect timed out'], answering: true },
    ],
    [
      'where TCP times out and nothing else is fresh',
      [tcp('timeout', { confirmed: true }), http('ok', 200, { ageMs: 25_001 })],
      { state: 'down', reasons: ['TCP connect timed out twice'], answering: true },
    ],
    [
      'where nothing answers',
      [tcp('timeout'), http('timeout')],
      { state: 'down', reasons: ['TCP connect timed out', 'GET /health timed out'], answering: true },
    ],
    [
      'without a route',
      [tcp('unreachable', { confirmed: true })],
      { state: 'down', reasons: ['TCP connect found no route twice'], answering: true },
    ],
    [
      'where HTTP answers while TCP is silent',
      [tcp('timeout'), http('ok', 200)],
      { state: 'degraded', reasons: ['TCP connect timed out'], answering: false },
    ],
    [
      'where HTTP got a status before it timed out, and TCP is silent',
      [tcp('timeout'), http('timeout', 200)],
      { state: 'degraded', reasons: ['TCP connect timed out', 'GET /health timed out'], answering: false },
    ],
    [
      'whose far end answers with an error',
      [tcp('ok'), http('bad_status', 503)],
      { state: 'ok', reasons: ['GET /health answered status 503'], answering: false },
    ],
    [
      'whose far end fails in TLS',
      [http('tls_failed')],
      { state: 'ok', reasons: ['GET /health: the TLS handshake failed'], answering: false },
    ],
    [
      'to a name that does not resolve',
      [http('resolve_failed')],
      { state: 'unknown', reasons: ['GET /health: the name does not resolve'], answering: false },
    ],
    [
      'of which nothing conclusive is known',
      [tcp('inconclusive')],
      { state: 'unknown', reasons: ['TCP connect was inconclusive'], answering: false },
    ],
  ])('%s', (_, evidence, verdict) => {
    expect(pathState(evidence)).toEqual(verdict);
  });
});

describe('the age of a result', () => {
  test.each([
    [25_000, 'ok', []],
    [25_001, 'unknown', ['no measurement for 25 s']],
    [90_400, 'unknown', ['no measurement for 90 s']],
  ] as const)('of %i ms makes the path %s', (ageMs, state, reasons) => {
    expect(pathState([tcp('ok', { ageMs })])).toEqual({ state, reasons, answering: true });
  });

  test('that counts is that of the newest one', () => {
    const old = [tcp('ok', { ageMs: 90_000 }), http('ok', 200, { ageMs: 40_000 })];
    expect(pathState(old).reasons).toEqual(['no measurement for 40 s']);
  });

  test('lets an old failure say nothing about now', () => {
    expect(pathState([tcp('timeout', { ageMs: 25_001 })]).state).toBe('unknown');
  });
});

describe('loss', () => {
  test.each([
    [1, 12, 'ok'],
    [1, 2, 'ok'],
    [2, 12, 'degraded'],
    [2, 40, 'degraded'],
    [2, 41, 'ok'],
    [5, 100, 'degraded'],
    [4, 100, 'ok'],
  ] as const)('of %i in %i makes the path %s', (lost, sent, state) => {
    expect(pathState([tcp('ok', { lost, sent })]).state).toBe(state);
  });

  test('is told first, in words of its kind', () => {
    const verdict = pathState([
      tcp('ok', { lost: 3, sent: 12 }),
      http('bad_status', 500, { lost: 2, sent: 4 }),
    ]);
    expect(verdict).toEqual({
      state: 'degraded',
      reasons: [
        '3 of 12 TCP connects were lost within a minute',
        '2 of 4 HTTP requests were lost within a minute',
        'GET /health answered status 500',
      ],
      answering: false,
    });
  });

  test('alone does not say that the far end does not answer', () => {
    expect(pathState([tcp('ok', { lost: 3, sent: 12 })]).answering).toBe(true);
  });
});
