import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bucketOf,
  largestBucket,
  mergeHistograms,
  percentile,
  record,
  valueOf,
  type Histogram,
} from './histogram.ts';

/** What the buckets tell apart: a microsecond to an hour. */
const durationMs = fc.double({ min: 0.001, max: 3_600_000, noNaN: true });

function histogramOf(values: readonly number[]): Histogram {
  const histogram: Histogram = [];
  for (const ms of values) record(histogram, ms);
  return histogram;
}

describe('a latency histogram', () => {
  test.each([
    [0, 0],
    [-1, 0],
    [Number.NaN, 0],
    [0.001, 0],
    [0.001_01, 1],
    [3_600_000, 1101],
    [1e12, largestBucket],
  ])('puts %f ms into bucket %i', (ms, bucket) => {
    expect(bucketOf(ms)).toBe(bucket);
  });

  test('tells every duration within 1 %', () => {
    fc.assert(
      fc.property(durationMs, (ms) => {
        expect(Math.abs(valueOf(bucketOf(ms)) - ms) / ms).toBeLessThanOrEqual(0.01 + 1e-9);
      }),
    );
  });

  test('tells every percentile within 1 % of the value at that rank', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(durationMs, { minLength: 1, maxLength: 200 }), share, (values, at) => {
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.floor(at * (sorted.length - 1))] as number;
        const told = percentile(histogramOf(values), at) as number;
        expect(Math.abs(told - exact) / exact).toBeLessThanOrEqual(0.01 + 1e-9);
      }),
    );
  });

  test('adds up to what one histogram of all values would be, in any order', () => {
    const lists = fc.array(fc.array(durationMs, { maxLength: 30 }), { maxLength: 6 });
    fc.assert(
      fc.property(lists, (many) => {
        const histograms = many.map(histogramOf);
        expect(mergeHistograms(histograms)).toEqual(histogramOf(many.flat()));
        expect(mergeHistograms([...histograms].reverse())).toEqual(mergeHistograms(histograms));
      }),
    );
  });

  test('stays in ascending order of buckets, each once', () => {
    fc.assert(
      fc.property(fc.array(durationMs), (values) => {
        const buckets = histogramOf(values).filter((_, at) => at % 2 === 0);
        expect(buckets).toEqual([...new Set(buckets)].sort((a, b) => a - b));
      }),
    );
  });

  test('takes several equal values at once', () => {
    const histogram: Histogram = [];
    record(histogram, 5, 3);
    record(histogram, 5);
    expect(histogram).toEqual([bucketOf(5), 4]);
  });

  test('knows no percentile of nothing', () => {
    expect(percentile([], 0.5)).toBeUndefined();
    expect(percentile([3, 0], 0.5)).toBeUndefined();
  });
});
