import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.ts';

describe('backing off', () => {
  it.each([
    [1, 0, 500],
    [1, 1, 1000],
    [2, 1, 2000],
    [3, 1, 4000],
    [4, 1, 8000],
    [5, 1, 15_000],
    [5, 0, 7500],
    [5000, 1, 15_000],
  ])('after %d failures, chance %d: %d ms', (failures, random, ms) => {
    expect(backoffMs(failures, { firstMs: 1000, longestMs: 15_000 }, random)).toBe(ms);
  });
});
