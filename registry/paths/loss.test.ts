import { describe, expect, test } from 'vitest';
import { http, icmp, tcp, udp, type Flows } from './evidence-made.ts';
import { pathState } from './path-state.ts';

describe('loss', () => {
  test.each([
    [1, 12, 1, 'ok'],
    [1, 2, 1, 'ok'],
    [2, 12, 2, 'degraded'],
    [4, 12, 1, 'ok'],
    [2, 40, 2, 'degraded'],
    [2, 41, 2, 'ok'],
    [5, 100, 3, 'degraded'],
    [4, 100, 3, 'ok'],
  ] as const)('of %i connects in %i, in %i rounds, makes the path %s', (lost, sent, lossyRounds, state) => {
    expect(pathState([tcp('ok', { lost, sent, lossyRounds })]).state).toBe(state);
  });

  test.each([
    [1, 240, 1, 'ok'],
    [2, 60, 2, 'ok'],
    [3, 60, 2, 'degraded'],
    [30, 240, 1, 'ok'],
    [3, 300, 3, 'degraded'],
    [3, 301, 3, 'ok'],
  ] as const)('of %i packets in %i, in %i rounds, makes the path %s', (lost, sent, lossyRounds, state) => {
    expect(pathState([tcp('ok'), udp('ok', { lost, sent, lossyRounds })]).state).toBe(state);
  });

  test.each([
    [12, 1, 'forward'],
    [0, 5, 'return'],
    [4, 4, 'both ways'],
  ])('of %i packets there and %i back is told with its way: %s', (forwardLost, returnLost, way) => {
    const one = udp('ok', { lost: 13, lossyRounds: 4, forwardLost, returnLost });
    expect(pathState([one]).reasons).toEqual([`13 of 240 UDP packets were lost within a minute, ${way}`]);
  });

  test.each<[Flows, string[]]>([
    [
      { count: 16, lossy: 3, confidence: 0.99, loss_ratio: 0.31, direction: 'forward', over_ms: 60_000 },
      ['3 of 16 flows lose 31 %, forward, confidence 99 %'],
    ],
    [
      { count: 16, lossy: 1, confidence: 0.9996, loss_ratio: 0.021, over_ms: 900_000 },
      ['1 of 16 flows loses 2.1 %, confidence 99.9 %'],
    ],
    [{ count: 16, lossy: 1, confidence: 0.9, loss_ratio: 0.1, over_ms: 60_000 }, []],
    [{ count: 16, lossy: 0, over_ms: 60_000 }, []],
  ])('of some flows degrades when it is sure enough: %j', (flows, reasons) => {
    const verdict = pathState([tcp('ok'), udp('ok', { flows })]);
    expect(verdict).toEqual({ state: reasons.length > 0 ? 'degraded' : 'ok', reasons, answering: true });
  });

  test('of HTTP is the far end’s where TCP is answered', () => {
    const lossy = http('ok', 200, { lost: 3, sent: 12, lossyRounds: 3 });
    expect(pathState([tcp('ok'), lossy]).state).toBe('ok');
    expect(pathState([lossy]).state).toBe('degraded');
  });

  test('of UDP is the far end’s when that was starved, unless flows differ', () => {
    const flows = { count: 16, lossy: 4, confidence: 0.99, loss_ratio: 0.3, over_ms: 60_000 };
    const lossy = { lost: 30, lossyRounds: 4 };
    expect(pathState([tcp('ok'), udp('ok', lossy)], { unfit: true }).state).toBe('ok');
    expect(pathState([tcp('ok'), udp('ok', { ...lossy, flows })], { unfit: true }).state).toBe('degraded');
  });

  test('is told first, in words of its kind', () => {
    const verdict = pathState([
      tcp('ok', { lost: 3, sent: 12, lossyRounds: 3 }),
      icmp('ok', { lost: 9, lossyRounds: 5 }),
      http('bad_status', 500),
    ]);
    expect(verdict).toEqual({
      state: 'degraded',
      reasons: [
        '3 of 12 TCP connects were lost within a minute',
        '9 of 60 ICMP echoes were lost within a minute',
        'GET /health answered status 500',
      ],
      answering: false,
    });
  });

  test('alone does not say that the far end does not answer', () => {
    expect(pathState([tcp('ok', { lost: 3, sent: 12, lossyRounds: 3 })]).answering).toBe(true);
  });
});
