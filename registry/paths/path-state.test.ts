import { describe, expect, test } from 'vitest';
import { http, icmp, known, silentFor, tcp, udp } from './evidence-made.ts';
import { checkState, pathState, type Evidence } from './path-state.ts';

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
        excused: ['http'],
      },
    ],
    [
      'where TCP times out',
      [tcp('timeout')],
      { state: 'down', reasons: ['TCP connect timed out'], answering: true, silent: true },
    ],
    [
      'where TCP times out and nothing else is fresh',
      [tcp('timeout', { confirmed: true }), http('ok', 200, { ageMs: 25_001 })],
      { state: 'down', reasons: ['TCP connect timed out twice'], answering: true, silent: true },
    ],
    [
      'where nothing answers',
      [tcp('timeout'), http('timeout')],
      {
        state: 'down',
        reasons: ['TCP connect timed out', 'GET /health timed out'],
        answering: true,
        silent: true,
      },
    ],
    [
      'without a route',
      [tcp('unreachable', { confirmed: true })],
      { state: 'down', reasons: ['TCP connect found no route twice'], answering: true, silent: true },
    ],
    [
      'where HTTP answers while TCP was silent for one round',
      [tcp('timeout', { lossyRounds: 1 }), http('ok', 200)],
      { state: 'ok', reasons: [], answering: true },
    ],
    [
      'where HTTP answers while TCP is silent',
      [tcp('timeout', { lossyRounds: 2 }), http('ok', 200)],
      { state: 'degraded', reasons: ['TCP connect timed out'], answering: false },
    ],
    [
      'where HTTP got a status before it timed out, and TCP is silent',
      [tcp('timeout', { lossyRounds: 2 }), http('timeout', 200)],
      { state: 'degraded', reasons: ['TCP connect timed out', 'GET /health timed out'], answering: false },
    ],
    [
      'whose far end answers with an error',
      [tcp('ok'), http('bad_status', 503)],
      { state: 'ok', reasons: ['GET /health answered status 503'], answering: false },
    ],
    [
      'whose far end breaks off its answer',
      [tcp('ok'), http('bad_status', 200)],
      { state: 'ok', reasons: ['GET /health answered status 200 and broke off'], answering: false },
    ],
    [
      'whose far end resets the connection in its answer',
      [tcp('ok'), http('refused', 200)],
      { state: 'ok', reasons: ['GET /health answered status 200 and broke off'], answering: false },
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

describe('silence', () => {
  const before = (ageMs: number) => ({ ageMs, answeredAgeMs: ageMs });
  test.each<[string, Evidence[], string, string[]]>([
    [
      'of ICMP and TCP makes a path down',
      [tcp('timeout', silentFor(9_000)), icmp('timeout', silentFor(6_000))],
      'down',
      ['TCP connect timed out', 'ICMP echo: no answer for 6 s'],
    ],
    [
      'of UDP and TCP does where ICMP is off',
      [tcp('timeout', silentFor(9_000)), udp('timeout', silentFor(5_000)), http('ok', 200, before(4_500))],
      'down',
      ['TCP connect timed out', 'UDP echo: no answer for 5 s'],
    ],
    [
      'of TCP and UDP does not while ICMP answers',
      [tcp('timeout', { ...silentFor(9_000), lossyRounds: 2 }), udp('timeout', silentFor(4_000)), icmp('ok')],
      'degraded',
      ['TCP connect timed out', 'UDP echo: no answer for 4 s'],
    ],
    [
      'of ICMP and TCP does not while UDP answers',
      [
        tcp('timeout', { ...silentFor(9_000), lossyRounds: 2 }),
        icmp('timeout', silentFor(Infinity)),
        udp('ok'),
      ],
      'degraded',
      [
        'TCP connect timed out',
        'ICMP echo: no answer since it is measured, while others are answered: filtered, or limited at the far end',
      ],
    ],
    [
      'of one short round says nothing yet',
      [tcp('ok', before(3_000)), udp('timeout', silentFor(1_000))],
      'ok',
      [],
    ],
    [
      'of trains of packets is noticed before TCP gives up',
      [tcp('ok', before(3_000)), icmp('timeout', silentFor(2_000)), udp('timeout', silentFor(2_000))],
      'degraded',
      ['ICMP echo: no answer for 2 s', 'UDP echo: no answer for 2 s'],
    ],
    [
      'of UDP is noticed where ICMP is off',
      [tcp('ok', before(3_000)), udp('timeout', silentFor(2_000))],
      'degraded',
      ['UDP echo: no answer for 2 s'],
    ],
    [
      'of UDP is noticed, too, while ICMP has not been asked since',
      [tcp('ok', before(3_000)), icmp('ok', before(4_000)), udp('timeout', silentFor(2_500))],
      'degraded',
      ['UDP echo: no answer for 3 s'],
    ],
    [
      'of UDP leaves the others a moment to answer',
      [tcp('ok', before(3_000)), icmp('ok', before(4_000)), udp('timeout', silentFor(1_900))],
      'ok',
      ['UDP echo: no answer for 2 s'],
    ],
    [
      'of UDP and TCP is not down before ICMP has failed',
      [tcp('timeout', silentFor(9_000)), icmp('ok', before(6_000)), udp('timeout', silentFor(5_000))],
      'degraded',
      ['TCP connect timed out', 'UDP echo: no answer for 5 s'],
    ],
    [
      'of UDP while ICMP answers is a member that does not',
      [tcp('ok', before(3_000)), icmp('ok', before(900)), udp('timeout', silentFor(2_000))],
      'ok',
      ['UDP echo: no answer for 2 s'],
    ],
    [
      'of UDP while TCP has answered since is one, too',
      [tcp('ok', before(500)), udp('timeout', silentFor(5_000))],
      'ok',
      ['UDP echo: no answer for 5 s'],
    ],
    [
      'of ICMP from the beginning is a filter',
      [tcp('ok', before(4_000)), icmp('timeout', silentFor(Infinity))],
      'ok',
      [
        'ICMP echo: no answer since it is measured, while others are answered: filtered, or limited at the far end',
      ],
    ],
    [
      'of UDP says nothing before TCP was tried',
      [udp('timeout', silentFor(Infinity))],
      'unknown',
      ['UDP echo: no answer since it is measured', 'TCP is not measured'],
    ],
  ])('%s', (_, evidence, state, reasons) => {
    const verdict = pathState(evidence);
    expect([verdict.state, verdict.reasons]).toEqual([state, reasons]);
  });

  test('of a starved member: its UDP and HTTP time out, its kernel answers, and the path is up', () => {
    const verdict = pathState([
      tcp('ok'),
      icmp('ok'),
      http('timeout', undefined, { lost: 6, lossyRounds: 6 }),
      udp('timeout', { ...silentFor(20_000), lost: 80, lossyRounds: 2 }),
    ]);
    expect(verdict).toEqual({
      state: 'ok',
      reasons: ['GET /health timed out', 'UDP echo: no answer for 20 s'],
      answering: false,
      excused: ['http', 'udp'],
    });
  });

  test('of a prober that is unfit makes nothing red', () => {
    const verdict = pathState([tcp('ok', { ageMs: 30_000, voided: true })]);
    expect(verdict.state).toBe('unknown');
    expect(verdict.reasons).toEqual(['no measurement for 30 s: its prober was unfit, what it found is void']);
  });
});

describe('slower than usual', () => {
  const slow = {
    medianMs: 83.21,
    usual: { kind: 'icmp', median_ms: 41.04, spread_ms: 0.3, minutes: 900 },
  } as const;

  test('degrades, with both medians', () => {
    expect(pathState([tcp('ok'), icmp('ok', { slow })])).toEqual({
      state: 'degraded',
      reasons: ['ICMP round trip: median 83.2 ms within a minute, usually 41 ± 0.3 ms'],
      answering: true,
    });
  });

  test('says nothing of the path when it is the UDP of a starved far end', () => {
    expect(pathState([tcp('ok'), udp('ok', { slow })], { unfit: true }).state).toBe('ok');
  });
});

describe('one kind alone', () => {
  test.each<[Evidence, string]>([
    [icmp('ok'), 'ok'],
    [icmp('timeout', silentFor(6_000)), 'down'],
    [udp('timeout', silentFor(1_000)), 'ok'],
    [tcp('refused'), 'ok'],
    [tcp('timeout'), 'down'],
    [udp('ok', { lost: 9, lossyRounds: 3 }), 'degraded'],
    [tcp('inconclusive'), 'unknown'],
    [icmp('ok', { ageMs: 25_001 }), 'unknown'],
  ])('%j is %s', (evidence, state) => {
    expect(checkState(evidence)).toBe(state);
  });
});
