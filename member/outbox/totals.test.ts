import { percentile } from '@netring/contract/histogram';
import { pathTotals } from '@netring/contract/report';
import type { Outcome } from '@netring/contract/result';
import { describe, expect, it } from 'vitest';
import type { Measured } from '../probe/index.ts';
import { addTo, firstTotals } from './totals.ts';

const tcp = (outcome: Outcome, sent: number, lost: number, connectMs?: number): Measured => ({
  key: 'k',
  result: { kind: 'tcp', outcome, ended_ms: 1, ...(connectMs !== undefined && { connect_ms: connectMs }) },
  startedMs: 0,
  sent,
  lost,
});

describe('the totals of a path', () => {
  it.each<[string, Measured[], object]>([
    ['one success', [tcp('ok', 1, 0, 2)], { checks: 1, failed: 0, voided: 0, sent: 1, lost: 0 }],
    ['a lost SYN', [tcp('ok', 2, 1)], { checks: 1, failed: 0, sent: 2, lost: 1, latency: [] }],
    [
      'a failure among successes',
      [tcp('ok', 1, 0, 2), tcp('timeout', 4, 4)],
      { checks: 2, failed: 1, sent: 5, lost: 4 },
    ],
    ['a refusal is no loss', [tcp('refused', 2, 0)], { checks: 1, failed: 1, sent: 2, lost: 0 }],
    [
      'voided ones count for nothing else',
      [tcp('void', 0, 0), tcp('ok', 1, 0, 2)],
      { checks: 1, failed: 0, voided: 1, sent: 1 },
    ],
  ])('%s', (_, all, expected) => {
    const totals = firstTotals({ target: 'm2', endpoint: undefined }, all[0] as Measured);
    for (const one of all.slice(1)) addTo(totals, one);
    expect(totals).toMatchObject({ target: 'm2', ...expected, last: all.at(-1)?.result });
    expect(pathTotals.parse(totals)).toEqual(totals);
  });

  it('count every packet of a train, and each of its round trips', () => {
    const train: Measured = {
      key: 'k',
      result: { kind: 'icmp', outcome: 'ok', ended_ms: 1, sent: 3, received: 2, median_ms: 15 },
      startedMs: 0,
      sent: 3,
      lost: 1,
      latencies: [10, 20],
    };
    const totals = firstTotals({ target: 'm2', endpoint: undefined }, train);
    addTo(totals, train);
    expect(totals).toMatchObject({ checks: 2, failed: 0, sent: 6, lost: 2 });
    expect(totals.latency.filter((_, at) => at % 2 === 1)).toEqual([2, 2]);
  });

  it('keep latencies within 1 %', () => {
    const totals = firstTotals({ target: 'm2', endpoint: '/health' }, tcp('ok', 1, 0, 10));
    for (let i = 0; i < 98; i++) addTo(totals, tcp('ok', 1, 0, 10));
    addTo(totals, tcp('ok', 1, 0, 200));
    expect(percentile(totals.latency, 0.5)).toBeCloseTo(10, 0.7);
    expect(percentile(totals.latency, 1)).toBeGreaterThan(198);
    expect(totals.endpoint).toBe('/health');
  });
});
