import type { LocationCheck } from '@netring/contract/path';
import { expect, test } from 'vitest';
import { nearestOf } from './nearest.ts';

const check = (p50_ms: number | undefined, at_ms: number): LocationCheck => ({
  kind: 'http',
  state: 'ok',
  ...(p50_ms !== undefined && { p50_ms }),
  sent: 1,
  lost: 0,
  at_ms,
});

test.for([
  ['no path', [], undefined],
  ['nothing that was timed', [[check(undefined, 9)]], undefined],
  ['the lowest of all, with its own time', [[check(30, 9)], [check(12, 4), check(40, 8)]], [12, 4]],
  ['of equal ones the newest', [[check(12, 4)], [check(12, 7)]], [12, 7]],
] as [string, LocationCheck[][], [number, number] | undefined][])('%s', ([, paths, expected]) => {
  const nearest = nearestOf(paths.map((checks) => ({ checks })));
  expect(nearest && [nearest.latencyMs, nearest.atMs]).toEqual(expected);
});
