import { expect, test } from 'vitest';
import { reliefFor } from './bound.ts';

const hours = (...list: [hour: number, stepMinutes: number][]) =>
  new Map(list.map(([hour, stepMinutes]) => [hour, { bytes: 100, stepMinutes }]));

test.each([
  ['nothing within the bound', hours([1, 1], [2, 1]), 200, { kind: 'none' }],
  [
    'the oldest of the finest coarser',
    hours([3, 5], [4, 1], [5, 1]),
    200,
    { kind: 'coarsen', hour: 4, stepMinutes: 5 },
  ],
  [
    'all hours coarser before one goes',
    hours([1, 60], [2, 15]),
    100,
    { kind: 'coarsen', hour: 2, stepMinutes: 60 },
  ],
  ['the oldest hour away when all are coarse', hours([2, 60], [1, 60]), 100, { kind: 'drop', hour: 1 }],
])('makes %s', (_, index, bound, relief) => {
  expect(reliefFor(index, bound)).toEqual(relief);
});
