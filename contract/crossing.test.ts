import { expect, test } from 'vitest';
import { crossingSentence } from './crossing.ts';

test.each([
  [1, ['orders'], 0, true, '1 dependency of orders crosses it'],
  [6, ['orders', 'payments'], 0, true, '6 dependencies of orders and payments cross it'],
  [9, ['a', 'b', 'c'], 1, true, '9 dependencies of a, b, c and 1 other service cross it'],
  [
    3,
    ['a', 'b'],
    4,
    false,
    '3 dependencies of a, b and 4 other services crossed it before its traffic stopped',
  ],
])('%i dependencies of %j and %i more, now %s', (dependencies, services, more_services, now, sentence) => {
  expect(crossingSentence({ dependencies, services, more_services, now })).toBe(sentence);
});
