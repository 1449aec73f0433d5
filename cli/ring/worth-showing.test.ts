import { expect, test } from 'vitest';
import { createRepeatFilter, worthShowing } from './worth-showing.ts';

test.each([
  ['{"level":"info","message":"listening"}', 'stdout', undefined],
  ['{"level":"warn","message":"old spelling"}', 'stdout', 'warn: old spelling'],
  ['{"level":"error","message":"no store","err":{"message":"locked"}}', 'stdout', 'error: no store (locked)'],
  ['{"level":"warn","message":"\\u001b[2J"}', 'stdout', 'warn: �[2J'],
  ['{"level":', 'stdout', undefined],
  ['plain words', 'stdout', undefined],
  ['plain words', 'stderr', 'plain words'],
  ['', 'stderr', undefined],
] as const)('%s on %s shows %s', (line, stream, shown) => {
  expect(worthShowing(line, stream)).toBe(shown);
});

test('the same line is said once in 30 s', () => {
  const isNew = createRepeatFilter();
  const said = [0, 1000, 29_999, 30_000, 30_001].map((nowMs) => isNew('away', nowMs));
  expect(said).toEqual([true, false, false, true, false]);
  expect(isNew('another', 1000)).toBe(true);
});
