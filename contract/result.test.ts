import { describe, expect, test } from 'vitest';
import { answered, latencyOf, outcomes, result, type Result } from './result.ts';

const tcp = (outcome: Result['outcome']): Result => ({ kind: 'tcp', outcome, ended_ms: 1 });

describe('a result', () => {
  test('of tcp says for each outcome whether anything answered', () => {
    const answering = outcomes.filter((outcome) => answered(tcp(outcome)));
    expect(answering).toEqual(['ok', 'refused', 'tls_failed', 'bad_status']);
  });

  test('of http answered when it has a status, whatever became of it afterwards', () => {
    expect(answered({ kind: 'http', outcome: 'timeout', ended_ms: 1, status: 200 })).toBe(true);
    expect(answered({ kind: 'http', outcome: 'timeout', ended_ms: 1 })).toBe(false);
  });

  test('has the connect time or the time to first byte as its latency', () => {
    expect(latencyOf({ kind: 'tcp', outcome: 'ok', ended_ms: 1, connect_ms: 1.5 })).toBe(1.5);
    expect(
      latencyOf({ kind: 'http', outcome: 'ok', ended_ms: 1, connect_ms: 1, first_byte_ms: 2, total_ms: 3 }),
    ).toBe(2);
    expect(latencyOf(tcp('timeout'))).toBeUndefined();
  });

  test.each([
    ['kind', { ...tcp('ok'), kind: 'smoke' }],
    ['outcome', { ...tcp('ok'), outcome: 'fine' }],
    ['ended_ms', { ...tcp('ok'), ended_ms: -1 }],
    ['connect_ms', { ...tcp('ok'), connect_ms: -0.1 }],
    ['connect_ms', { ...tcp('ok'), connect_ms: 3_600_001 }],
    ['status', { kind: 'http', outcome: 'ok', ended_ms: 1, status: 99 }],
    ['reason', { ...tcp('timeout'), reason: 'x'.repeat(301) }],
  ])('with a wrong %s is refused where it enters', (field, wrong) => {
    expect(result.safeParse(wrong).error?.issues[0]?.path).toEqual([field]);
  });
});
