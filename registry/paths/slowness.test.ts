import { record, type Histogram } from '@netring/contract/histogram';
import { describe, expect, test } from 'vitest';
import { slowFromMs, slowMedian } from './slowness.ts';
import type { BucketTotals } from './window.ts';

const usual = (median_ms: number, spread_ms: number) => ({
  kind: 'icmp' as const,
  median_ms,
  spread_ms,
  minutes: 900,
});

test.each([
  [40, 0.1, 44],
  [40, 3, 49],
  [1, 0.05, 3],
  [400, 1, 440],
])('what is usually %d ± %d ms is slow from %d ms on', (median, spread, fromMs) => {
  expect(slowFromMs(usual(median, spread))).toBeCloseTo(fromMs);
});

/** Buckets of 10 s, each with these latencies. */
function buckets(...lists: number[][]): BucketTotals[] {
  const none = { boot: 'b', seq: 0, checks: 0, failed: 0, voided: 0, sent: 0, lost: 0 };
  return lists.map((list, n) => {
    const latency: Histogram = [];
    for (const ms of list) record(latency, ms);
    return { ...none, n, startedMs: 10_000 * n, latency };
  });
}

describe('the median of the window', () => {
  const slow = [80, 80, 80];
  const fine = [40, 40, 40];
  test.each<[string, number[][], boolean]>([
    ['as usual', [fine, fine], false],
    ['slower in most of it', [fine, slow, slow], true],
    ['slower in one bucket only: a bad round', [[...slow, ...slow, ...slow], fine], false],
    ['slower in less than half of it', [fine, fine, slow], false],
    [
      'of too few',
      [
        [80, 80],
        [80, 80],
      ],
      false,
    ],
  ])('is %s', (_, lists, isSlow) => {
    const medianMs = slowMedian(buckets(...lists), usual(40, 0.2), 30_000, 0);
    if (!isSlow) return expect(medianMs).toBeUndefined();
    expect(Math.abs((medianMs as number) - 80)).toBeLessThan(1);
  });

  test('leaves out what was before the last recovery', () => {
    expect(slowMedian(buckets(slow, slow, fine), usual(40, 0.2), 30_000, 20_000)).toBeUndefined();
  });
});
