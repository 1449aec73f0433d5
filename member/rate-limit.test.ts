import { expect, it } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

it('lets a burst through at once, and its rate in the long run', () => {
  let nowMs = 0;
  const may = createRateLimit({ perSecond: 10, burst: 3 }, () => nowMs);
  const allowed = [0, 0, 0, 0, 99, 100, 101, 10_000, 10_000, 10_000, 10_000].map((atMs) => {
    nowMs = atMs;
    return may();
  });
  expect(allowed).toEqual([true, true, true, false, false, true, false, true, true, true, false]);
});
