import { expect, test } from 'vitest';
import { listedPart, partWords } from './listed-part.ts';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

test.for([
  [450, 0, 'Services 1 to 200 of 450: show the next 200', 200],
  [450, 200, 'Services 201 to 400 of 450: show the next 50', 400],
  [450, 400, 'Services 401 to 450 of 450: show the first 200', 0],
  // What was there has gone: the last part that there is.
  [450, 4_000, 'Services 401 to 450 of 450: show the first 200', 0],
  [400, 200, 'Services 201 to 400 of 400: show the first 200', 0],
  [3, 0, 'Services 1 to 3 of 3: show the first 3', 0],
] as const)('of %i from %i: %s', ([count, at, words, nextAt]) => {
  const part = listedPart(upTo(count), at, 200);
  expect(partWords('Services', part)).toBe(words);
  expect(part.nextAt).toBe(nextAt);
  expect([part.items[0], part.items.at(-1)]).toEqual([part.first, part.last]);
});

test('every item is reached, part by part, and then the first again', () => {
  const all = upTo(731);
  const reached: number[] = [];
  let at = 0;
  do {
    const part = listedPart(all, at, 200);
    reached.push(...part.items);
    at = part.nextAt;
  } while (at !== 0);
  expect(reached).toEqual(all);
  expect(listedPart([], 0, 200)).toMatchObject({ items: [], first: 0, last: 0, nextAt: 0 });
});
