import {
  bucketOf,
  mergeHistograms,
  percentile,
  record,
  valueOf,
  type Histogram,
} from '@netring/contract/histogram';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLatencySum, keepBucket, round, sumBuckets, type BucketTotals, lossIn } from './window.ts';

function bucket(change: Partial<BucketTotals> = {}): BucketTotals {
  const none = { checks: 0, failed: 0, voided: 0, sent: 0, lost: 0, latency: [] };
  return { boot: 'b', n: 0, seq: 0, startedMs: 0, ...none, ...change };
}

const numbers = (buckets: readonly BucketTotals[]) => buckets.map(({ n }) => n);

describe('the buckets of a check', () => {
  test('are replaced by their later state, whenever that comes', () => {
    const buckets: BucketTotals[] = [];
    keepBucket(buckets, bucket({ n: 1, seq: 1, checks: 1 }), 1_000);
    keepBucket(buckets, bucket({ n: 2, seq: 2, startedMs: 10_000, checks: 1 }), 11_000);
    keepBucket(buckets, bucket({ n: 1, seq: 3, checks: 5 }), 12_000);
    expect(buckets.map(({ n, checks }) => [n, checks])).toEqual([
      [1, 5],
      [2, 1],
    ]);
  });

  test('keep the later state when an earlier one comes again', () => {
    const buckets: BucketTotals[] = [];
    keepBucket(buckets, bucket({ n: 1, seq: 2, checks: 5 }), 1_000);
    keepBucket(buckets, bucket({ n: 1, seq: 1, checks: 1 }), 1_001);
    expect(buckets).toEqual([bucket({ n: 1, seq: 2, checks: 5 })]);
  });

  test('of two boots are two, though they bear one number', () => {
    const buckets: BucketTotals[] = [];
    keepBucket(buckets, bucket({ boot: 'a' }), 0);
    keepBucket(buckets, bucket({ boot: 'b' }), 0);
    expect(buckets).toHaveLength(2);
  });

  test('go when they have left the window', () => {
    const buckets: BucketTotals[] = [];
    for (let n = 0; n < 20; n++)
      keepBucket(buckets, bucket({ n, seq: n, startedMs: n * 10_000 }), n * 10_000 + 5_000);
    expect(numbers(buckets)).toEqual([11, 12, 13, 14, 15, 16, 17, 18, 19]);
  });

  test('are bounded, however many a member invents', () => {
    const buckets: BucketTotals[] = [];
    for (let n = 0; n < 1_000; n++) keepBucket(buckets, bucket({ n, seq: n }), 0);
    expect(buckets.length).toBeLessThanOrEqual(20);
    expect(buckets.at(-1)?.n).toBe(999);
  });
});

describe('the totals of the window', () => {
  test.each([
    [0, 1],
    [69_999, 1],
    [70_000, 0],
  ])('at %i ms hold a bucket that began at 0: %i', (nowMs, checks) => {
    expect(sumBuckets([bucket({ checks: 1 })], nowMs).checks).toBe(checks);
  });

  test('add up', () => {
    const one = bucket({ checks: 1, failed: 2, voided: 3, sent: 4, lost: 5 });
    expect(sumBuckets([one, { ...one, n: 1 }], 0)).toEqual({
      checks: 2,
      failed: 4,
      voided: 6,
      sent: 8,
      lost: 10,
    });
  });
});

describe('losses', () => {
  const buckets = [
    bucket({ sent: 4, lost: 1 }),
    bucket({ n: 1, startedMs: 10_000, sent: 4, lost: 4, failed: 2 }),
    bucket({ n: 2, startedMs: 20_000, sent: 4 }),
  ];

  test.each([
    [0, 'result', { sent: 12, lost: 5, lossyRounds: 3 }],
    [0, 'bucket', { sent: 12, lost: 5, lossyRounds: 2 }],
    [10_000, 'bucket', { sent: 8, lost: 4, lossyRounds: 1 }],
    [10_001, 'bucket', { sent: 4, lost: 0, lossyRounds: 0 }],
  ] as const)('of buckets that began at %i ms or later, a round being a %s', (sinceMs, roundIs, sum) => {
    expect(lossIn(buckets, 30_000, sinceMs, roundIs)).toEqual(sum);
  });
});

describe('a sum of latencies', () => {
  test('has the percentiles of all histograms merged', () => {
    const values = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (lists, share) => {
          const histograms = lists.map((list) => {
            const latency: Histogram = [];
            for (const ms of list) record(latency, ms);
            return latency;
          });
          const sum = createLatencySum();
          sum.add(
            histograms.map((latency, n) => bucket({ n, latency })),
            0,
          );
          expect(sum.at(share)).toBe(round(percentile(mergeHistograms(histograms), share) as number));
        },
      ),
    );
  });

  test('leaves out what is not in the window, and has no percentile of nothing', () => {
    const sum = createLatencySum();
    sum.add([bucket({ latency: [5, 1] })], 70_000);
    expect(sum.at(0.5)).toBeUndefined();
    sum.add([bucket({ latency: [bucketOf(2), 1] })], 69_999);
    expect(sum.at(0.5)).toBe(round(valueOf(bucketOf(2))));
  });
});
