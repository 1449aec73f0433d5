import { expect, test } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

test('gives a burst at once, then so many a second, to each caller apart', () => {
  const limit = createRateLimit(3, 2);
  const taken = (caller: string, nowMs: number, times: number) =>
    Array.from({ length: times }, () => limit.take(caller, nowMs)).filter(Boolean).length;
  expect(taken('a', 0, 5)).toBe(3);
  expect(taken('b', 0, 5)).toBe(3);
  expect(taken('a', 499, 1)).toBe(0);
  expect(taken('a', 500, 2)).toBe(1);
  expect(taken('a', 1_500, 5)).toBe(2);
  expect(taken('a', 600_000, 9)).toBe(3);
});

test('gives back what was refused to nobody: asking in vain does not lengthen the wait', () => {
  const limit = createRateLimit(1, 1);
  limit.take('a', 0);
  for (let ms = 1; ms < 1_000; ms++) expect(limit.take('a', ms)).toBe(false);
  expect(limit.take('a', 1_001)).toBe(true);
});

test('does not grow with the callers, and forgets those first that have their whole allowance', () => {
  const limit = createRateLimit(2, 1);
  limit.take('busy', 60_000);
  limit.take('busy', 60_000);
  for (let i = 0; i < 12_000; i++) limit.take(`caller-${i}`, 50_000);
  expect(limit.take('busy', 60_000)).toBe(true);
});
