import { expect, test } from 'vitest';
import { waitAfter } from './backoff.ts';

test.each([
  [1, 0.5, undefined, 1_000],
  [2, 0.5, undefined, 2_000],
  [5, 0.5, undefined, 16_000],
  [5, 0, undefined, 12_000],
  [5, 1, undefined, 20_000],
  [1_000, 0.5, undefined, 300_000],
  [1, 0.5, 30_000, 30_000],
  [1, 0.5, 1e9, 600_000],
])('after %i failures, with chance %d and %s ms asked for: %i ms', (failures, random, askedMs, waitMs) => {
  expect(waitAfter(failures, random, askedMs)).toBe(waitMs);
});
