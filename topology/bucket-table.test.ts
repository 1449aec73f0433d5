import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketByLogarithm, bucketOf, largestBucket, valueOf } from './histogram.ts';

/** Doubles are ordered as the integers are that their bits spell. */
function neighbours(value: number, count: number): number[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  return Array.from({ length: 2 * count + 1 }, (_, n) => {
    view.setBigUint64(0, bits + BigInt(n - count));
    return view.getFloat64(0);
  });
}

test('is the bucket that the logarithm says, for every double around where one begins', () => {
  for (let bucket = 0; bucket <= largestBucket; bucket++) {
    // A value is the middle of its bucket: its ends are 2 % away.
    for (const end of [valueOf(bucket) * 1.02, valueOf(bucket) * 0.98])
      for (const ms of neighbours(end, 200)) if (bucketOf(ms) !== bucketByLogarithm(ms)) expect(ms).toBe(NaN);
  }
});

test('is the bucket that the logarithm says, for any number', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double(), fc.double({ min: 0, max: 4_000_000 })), (ms) => {
      expect(bucketOf(ms)).toBe(bucketByLogarithm(ms));
    }),
    { numRuns: 2000 },
  );
});
