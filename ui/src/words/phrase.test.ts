import { expect, test } from 'vitest';
import { isolated, listed, phraseText } from './phrase.ts';

test('a name cannot reorder the sentence it stands in', () => {
  const evil = 'us1\u202e\u2069evil';
  expect(isolated(evil)).toBe('\u2068us1\ufffd\ufffdevil\u2069');
  expect(phraseText([{ name: 'us1' }, ' is down: ', { said: evil }])).toBe(
    '\u2068us1\u2069 is down: \u2068us1\ufffd\ufffdevil\u2069',
  );
});

test.for([
  [['a'], 2, 'a'],
  [['a', 'b'], 2, 'a and b'],
  [['a', 'b', 'c'], 3, 'a, b and c'],
  [['a', 'b', 'c', 'd'], 2, 'a, b and 2 more'],
  [['a', 'b'], 1, 'a and 1 more'],
] as const)('%j with at most %i reads %s', ([names, most, says]) => {
  const phrases = listed(
    names.map((name) => [name]),
    most,
  );
  expect(phraseText(phrases)).toBe(says);
});
