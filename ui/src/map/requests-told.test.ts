import { expect, test } from 'vitest';
import { requestsWords, type RequestsTold } from './requests-told.ts';

const told: RequestsTold = { shown: 12, seen: 3_400, atMs: 5_000 };

test.for<[string, RequestsTold | undefined, number, string | undefined]>([
  ['nothing was told', undefined, 5_000, undefined],
  ['just now', told, 5_000, 'showing 12 of 3400 requests'],
  ['by a clock that runs behind', told, 4_000, 'showing 12 of 3400 requests'],
  ['none of them on the map', { ...told, shown: 0, seen: 1 }, 6_000, 'showing 0 of 1 request'],
  ['a while ago', told, 15_000, 'showing 12 of 3400 requests'],
  ['longer ago', told, 15_001, undefined],
])('%s', ([, one, nowMs, words]) => {
  expect(requestsWords(one, nowMs)).toBe(words);
});
