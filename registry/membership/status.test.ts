import { describe, expect, test } from 'vitest';
import { isForgotten, listenedMs, memberStatus } from './status.ts';

const hour = 3_600_000;
const facts = { lastSeenMs: 0, heartbeatIntervalMs: 15_000, memberTtlMs: 300_000, deregistered: false };

describe('the status of a member', () => {
  test.each([
    [0, 'online'],
    [30_000, 'online'],
    [30_001, 'stale'],
    [300_000, 'stale'],
    [300_001, 'offline'],
    [-5_000, 'online'],
  ] as const)('that was silent for %i ms is %s', (silentMs, status) => {
    expect(memberStatus(facts, silentMs, [])).toBe(status);
  });

  test('is deregistered after a goodbye, however fresh or old', () => {
    expect(memberStatus({ ...facts, deregistered: true }, 0, [])).toBe('deregistered');
    expect(memberStatus({ ...facts, deregistered: true }, hour, [])).toBe('deregistered');
  });

  test.each([
    [300_000, 'online'],
    [300_001, 'stale'],
    [450_000, 'stale'],
    [450_001, 'offline'],
  ] as const)('that means to be heard every 150 s and was silent for %i ms is %s', (silentMs, status) => {
    expect(memberStatus({ ...facts, heartbeatIntervalMs: 150_000 }, silentMs, [])).toBe(status);
  });

  test('does not count the time in which no registry listened', () => {
    const deaf = [{ fromMs: 10_000, toMs: 410_000 }];
    expect(memberStatus(facts, 430_000, deaf)).toBe('online');
    expect(memberStatus(facts, 430_001, deaf)).toBe('stale');
    expect(memberStatus(facts, 700_001, deaf)).toBe('offline');
  });
});

describe('the time listened', () => {
  test.each([
    ['nothing missed', [], 100],
    ['a span inside', [{ fromMs: 110, toMs: 130 }], 80],
    ['a span that began before', [{ fromMs: 0, toMs: 130 }], 70],
    ['a span that goes on after', [{ fromMs: 190, toMs: 500 }], 90],
    ['a span around everything', [{ fromMs: 0, toMs: 500 }], 0],
    [
      'spans before and after',
      [
        { fromMs: 0, toMs: 100 },
        { fromMs: 200, toMs: 300 },
      ],
      100,
    ],
    [
      'several spans',
      [
        { fromMs: 110, toMs: 120 },
        { fromMs: 150, toMs: 155 },
      ],
      85,
    ],
  ])('from 100 to 200 with %s', (_, spans, listened) => {
    expect(listenedMs(100, 200, spans)).toBe(listened);
  });

  test('is never negative', () => {
    expect(listenedMs(200, 100, [])).toBe(0);
  });
});

describe('a member', () => {
  const offline = { lastSeenMs: 0, deregisteredAtMs: undefined, memberTtlMs: 300_000 };

  test.each([
    [300_000 + 24 * hour, false],
    [300_001 + 24 * hour, true],
  ])('that was silent for %i ms is forgotten: %s', (nowMs, forgotten) => {
    expect(isForgotten(offline, nowMs, [])).toBe(forgotten);
  });

  test.each([
    [5_000 + hour, false],
    [5_001 + hour, true],
  ])('that said goodbye at 5,000 ms is forgotten at %i ms: %s', (nowMs, forgotten) => {
    expect(isForgotten({ ...offline, deregisteredAtMs: 5_000 }, nowMs, [])).toBe(forgotten);
  });

  test('is not forgotten for a silence in which no registry listened', () => {
    const deaf = [{ fromMs: 1_000, toMs: 1_000 + 48 * hour }];
    expect(isForgotten(offline, 48 * hour, deaf)).toBe(false);
  });
});
