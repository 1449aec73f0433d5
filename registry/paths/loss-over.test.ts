import { expect, test } from 'vitest';
import { lossOverMs } from './loss-over.ts';
import type { BucketTotals } from './window.ts';

const nowMs = 100_000;

/** Buckets of 10 s that ended `age` s ago, with what was sent and lost in them. */
function buckets(...totals: [age: number, sent: number, lost: number][]): BucketTotals[] {
  return totals.map(([age, sent, lost], n) => ({
    ...{ boot: 'b', n, seq: 1, checks: 1, failed: 0, voided: 0, latency: [] },
    ...{ startedMs: nowMs - age * 1000 - 10_000, sent, lost },
  }));
}

test.for<[string, [number, number, number][], number]>([
  [
    'a tenth lost, then 300 packets without loss',
    [
      [40, 200, 20],
      [30, 200, 20],
      [20, 100, 0],
      [10, 100, 0],
      [0, 100, 0],
    ],
    30,
  ],
  [
    'the same, but only a few packets since',
    [
      [40, 200, 20],
      [30, 200, 20],
      [20, 10, 0],
      [10, 10, 0],
      [0, 10, 0],
    ],
    0,
  ],
  [
    'one in a hundred lost: 300 packets may miss it',
    [
      [30, 200, 2],
      [20, 100, 0],
      [10, 100, 0],
      [0, 100, 0],
    ],
    0,
  ],
  [
    'the last loss is 20 s ago',
    [
      [20, 200, 20],
      [10, 400, 0],
      [0, 400, 0],
    ],
    0,
  ],
  [
    'nothing was lost',
    [
      [20, 200, 0],
      [10, 400, 0],
    ],
    0,
  ],
  ['nothing was sent', [], 0],
])('%s', ([, totals, overAge]) => {
  expect(lossOverMs(buckets(...totals), nowMs)).toBe(overAge === 0 ? 0 : nowMs - overAge * 1000);
});
