import { expect, test } from 'vitest';
import { roundTripFigures } from './round-trips.ts';

test.each([
  [[], {}],
  [[4], { min_ms: 4, median_ms: 4, max_ms: 4 }],
  [[4, 1], { min_ms: 1, median_ms: 2.5, max_ms: 4, jitter_ms: 3 }],
  [[10, 12, 9], { min_ms: 9, median_ms: 10, max_ms: 12, jitter_ms: 2.5 }],
])('%j', (inOrderMs, expected) => {
  expect(roundTripFigures(inOrderMs)).toEqual(expected);
});
