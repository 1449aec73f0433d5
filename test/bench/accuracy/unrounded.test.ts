import { expect, test } from 'vitest';
import { unrounded } from './unrounded.ts';

test('what was printed alike is spread over what rounds to it', () => {
  const spread = unrounded(['10.1', '9.98', '10.1', '12', '10.1', '10.1']);
  expect(spread.map((ms) => Math.round(ms * 1e4) / 1e4).sort((a, b) => a - b)).toEqual([
    9.98, 10.0625, 10.0875, 10.1125, 10.1375, 12,
  ]);
});
