import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketOf, HistogramSum, largestBucket, mergeHistograms, percentile, valueOf } from './histogram.ts';
import { LatencyBlock } from './latency-block.ts';

const durationMs = fc.double({ min: 0.001, max: 3_600_000, noNaN: true });

describe('a latency histogram', () => {
  test('tells every duration within 2 %', () => {
    fc.assert(
      fc.property(durationMs, (ms) => {
        expect(Math.abs(valueOf(bucketOf(ms)) - ms) / ms).toBeLessThanOrEqual(0.02 + 1e-9);
      }),
    );
  });

  test.each([
    [0, 0],
    [Number.NaN, 0],
    [1e12, largestBucket],
  ])('puts %d ms into bucket %i', (ms, bucket) => {
    expect(bucketOf(ms)).toBe(bucket);
  });

  test('tells no percentile above the greatest that was recorded', () => {
    const sum = new HistogramSum();
    sum.addCount(bucketOf(25), 3);
    expect(valueOf(bucketOf(25))).toBeGreaterThan(25);
    expect(sum.percentiles([0.5, 0.99], 25)).toEqual([25, 25]);
  });

  test('knows percentiles within 5 %, however it was cut and packed', () => {
    fc.assert(
      fc.property(
        fc.array(durationMs, { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        fc.nat(200),
        (values, share, cut) => {
          const block = new LatencyBlock();
          const late = new LatencyBlock();
          values.forEach((ms, at) => (at < cut ? block : late).record(0, ms, 1));
          block.seal(1);
          const merged = mergeHistograms([block.read(0), late.read(0)]);
          const sorted = [...values].sort((a, b) => a - b);
          const truth = sorted[Math.floor(share * (values.length - 1))] as number;
          expect(Math.abs((percentile(merged, share) as number) - truth) / truth).toBeLessThan(0.05);
        },
      ),
    );
  });

  test('of nothing has no percentile', () => {
    expect(percentile([], 0.5)).toBeUndefined();
  });
});

describe('a block of histograms', () => {
  test('keeps slots apart, and goes on after it was packed', () => {
    const block = new LatencyBlock();
    for (let slot = 0; slot < 20; slot++) block.record(slot, 10 * (slot + 1), slot + 1);
    block.seal(20);
    block.record(7, 80, 1000);
    block.record(7, 9000, 1);
    block.seal(20);
    expect(block.read(7)).toEqual([bucketOf(80), 1008, bucketOf(9000), 1]);
    expect(block.read(3)).toEqual([bucketOf(40), 4]);
    expect(block.read(20)).toEqual([]);
  });

  test('counts any number of one latency, and weights that are not whole', () => {
    const block = new LatencyBlock();
    for (const weight of [65_535, 1, 2.5, 70_000, 3, 0.5]) block.record(0, 10, weight);
    expect(block.read(0)).toEqual([bucketOf(10), 135_542]);
    block.seal(1);
    expect(block.read(0)).toEqual([bucketOf(10), 135_542]);
  });

  test('counts what lies far from the rest', () => {
    const block = new LatencyBlock();
    for (const ms of [10, 0.001, 3_600_000, 0.001, 10]) block.record(0, ms, 2);
    expect(block.read(0)).toEqual([0, 4, bucketOf(10), 4, largestBucket, 2]);
  });
});
