import type { Outcome, Result } from '@netring/contract/result';
import { describe, expect, it } from 'vitest';
import { confirmed, type Attempt } from './confirm.ts';

const result = (outcome: Outcome, synRetransmits?: number): Result => ({
  kind: 'tcp',
  outcome,
  ended_ms: 1,
  ...(synRetransmits !== undefined && { syn_retransmits: synRetransmits }),
});

/** Something answered, though not to the end. */
const begun: Result = { kind: 'http', outcome: 'timeout', ended_ms: 1, status: 200 };

describe('a check', () => {
  it.each<[string, Result[], Partial<Result>, number, number]>([
    ['succeeds at once', [result('ok')], { outcome: 'ok' }, 1, 0],
    ['succeeds after a lost SYN', [result('ok', 1)], { outcome: 'ok' }, 2, 1],
    ['succeeds at the second try', [result('timeout', 1), result('ok')], { outcome: 'ok' }, 3, 2],
    [
      'fails twice',
      [result('timeout', 1), result('timeout', 1)],
      { outcome: 'timeout', confirmed: true },
      4,
      4,
    ],
    [
      'is refused twice',
      [result('refused'), result('refused')],
      { outcome: 'refused', confirmed: true },
      2,
      0,
    ],
    ['is void at once', [result('void')], { outcome: 'void' }, 0, 0],
    ['is void at the second try', [result('timeout'), result('void')], { outcome: 'void' }, 0, 0],
    [
      'finds no name',
      [result('resolve_failed'), result('resolve_failed')],
      { outcome: 'resolve_failed' },
      0,
      0,
    ],
    ['gets a status and no end, twice', [begun, begun], { outcome: 'timeout', confirmed: true }, 2, 0],
    ['is stopped after a status', [{ ...begun, outcome: 'void' }], { outcome: 'void' }, 0, 0],
  ])('%s', async (_, tries, expected, sent, lost) => {
    const left = [...tries];
    const measured = await confirmed('key', () => Promise.resolve({ result: left.shift() as Result }));
    expect(left).toEqual([]);
    expect(measured).toMatchObject({ key: 'key', result: expected, sent, lost });
    if (expected.outcome === 'ok') expect(measured.result.confirmed).toBeUndefined();
  });

  it('of several packets counts those of both tries, and keeps the round trips', async () => {
    const train = (received: number, ...latencies: number[]) => ({
      result: {
        kind: 'icmp',
        outcome: received > 0 ? 'ok' : 'timeout',
        ended_ms: 1,
        sent: 3,
        received,
      } as const,
      latencies,
    });
    const left = [train(0), train(2, 4, 5)];
    const measured = await confirmed('key', () => Promise.resolve(left.shift() as Attempt));
    expect(measured).toMatchObject({ result: { outcome: 'ok' }, sent: 6, lost: 4, latencies: [4, 5] });
  });
});
