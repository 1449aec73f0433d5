import type { Result } from '@netring/contract/result';
import { describe, expect, it } from 'vitest';
import { judged, stallOf, overlapsMs, type Stall } from './stalls.ts';

describe('a stall', () => {
  it.each([
    ['a beat in time', 120, 120, undefined],
    ['a beat as late as on any busy machine', 120, 125, undefined],
    ['a beat that is 6 ms late', 120, 126, { fromMs: 120, toMs: 126 }],
    ['a process that was stopped for 3 s', 120, 3120, { fromMs: 120, toMs: 3120 }],
  ])('is seen or not: %s', (_, due, now, stall) => {
    expect(stallOf(due, now)).toEqual(stall);
  });

  it.each([
    ['before the probe', [{ fromMs: 0, toMs: 10 }], [0]],
    ['after it', [{ fromMs: 60, toMs: 90 }], [0]],
    ['into its beginning', [{ fromMs: 0, toMs: 25 }], [5]],
    ['across all of it', [{ fromMs: 0, toMs: 90 }], [30]],
    [
      'twice within it',
      [
        { fromMs: 25, toMs: 30 },
        { fromMs: 40, toMs: 45 },
      ],
      [5, 5],
    ],
  ])('counts as far as it overlaps: %s', (_, stalls: Stall[], ms: number[]) => {
    expect(overlapsMs(stalls, 20, 50)).toEqual(ms);
  });
});

describe('a result taken by a process that was held up', () => {
  const ok = (endedMs: number): Result => ({
    kind: 'tcp',
    outcome: 'ok',
    ended_ms: endedMs,
    connect_ms: endedMs,
  });
  const failed = (outcome: 'timeout' | 'refused' | 'unreachable', endedMs: number): Result => ({
    kind: 'tcp',
    outcome,
    ended_ms: endedMs,
  });

  it.each<[string, Result, Stall[], Result['outcome']]>([
    ['undisturbed', ok(1), [], 'ok'],
    ['1 ms of 1 ms: nobody could tell', ok(1), [{ fromMs: 0, toMs: 1 }], 'ok'],
    ['30 ms on a path of 31 ms', ok(31), [{ fromMs: 0, toMs: 30 }], 'void'],
    ['9 ms on a path of 100 ms', ok(100), [{ fromMs: 50, toMs: 59 }], 'ok'],
    [
      '6 ms again and again on a path of 100 ms',
      ok(100),
      [0, 26, 52, 78].map((fromMs) => ({ fromMs, toMs: fromMs + 6 })),
      'ok',
    ],
    ['a silence that was listened to', failed('timeout', 2000), [{ fromMs: 500, toMs: 600 }], 'timeout'],
    ['a silence that was slept through', failed('timeout', 2000), [{ fromMs: 500, toMs: 1900 }], 'void'],
    ['a silence after the process was stopped', failed('timeout', 9000), [{ fromMs: 5, toMs: 9000 }], 'void'],
    ['an answer that came late', failed('refused', 300), [{ fromMs: 0, toMs: 299 }], 'refused'],
    ['a route that is not there', failed('unreachable', 300), [{ fromMs: 0, toMs: 299 }], 'unreachable'],
  ])('%s', (_, result, stalls, outcome) => {
    const judgement = judged(result, 0, stalls);
    expect(judgement.outcome).toBe(outcome);
    if (outcome === 'void') expect(judgement.reason).toMatch(/held up for \d+ ms/);
  });

  it('keeps what the far end said, and not when it said so', () => {
    const stalls = [{ fromMs: 5, toMs: 3005 }];
    const refused: Result = { kind: 'tcp', outcome: 'refused', ended_ms: 3010, syn_retransmits: 1 };
    expect(judged(refused, 0, stalls)).toEqual({ kind: 'tcp', outcome: 'refused', ended_ms: 3010 });
    const answer = { kind: 'http', outcome: 'bad_status', ended_ms: 3010, status: 503 } as const;
    const timed: Result = { ...answer, connect_ms: 2, first_byte_ms: 3005, total_ms: 3010 };
    expect(judged(timed, 0, stalls)).toEqual(answer);
    expect(judged(timed, 0, [{ fromMs: 5, toMs: 205 }])).toEqual(timed);
  });
});
