import { expect, test } from 'vitest';
import { placeAfter, within } from './grid-focus.ts';

test.for([
  ['ArrowUp', false, { row: 0, column: 1 }],
  ['ArrowDown', false, { row: 2, column: 1 }],
  ['ArrowLeft', false, { row: 1, column: 0 }],
  ['ArrowRight', false, { row: 1, column: 2 }],
  ['Home', false, { row: 1, column: 0 }],
  ['End', false, { row: 1, column: 3 }],
  ['Home', true, { row: 0, column: 0 }],
  ['End', true, { row: 2, column: 3 }],
  ['PageUp', false, { row: 0, column: 1 }],
  ['PageDown', false, { row: 2, column: 1 }],
  ['x', false, undefined],
] as const)('%s (control %s) goes to %j', ([key, control, to]) => {
  expect(placeAfter(key, control, { row: 1, column: 1 }, 3, 4)).toEqual(to);
});

test('edges hold', () => {
  expect(placeAfter('ArrowUp', false, { row: 0, column: 0 }, 3, 4)).toEqual({ row: 0, column: 0 });
  expect(placeAfter('ArrowRight', false, { row: 0, column: 3 }, 3, 4)).toEqual({ row: 0, column: 3 });
});

test('a grid that shrank keeps the focus in it', () => {
  expect(within({ row: 5, column: 5 }, 2, 3)).toEqual({ row: 1, column: 2 });
});
