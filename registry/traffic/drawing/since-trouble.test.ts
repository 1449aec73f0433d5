import { histogramBucket } from '@netring/topology';
import { expect, test } from 'vitest';
import type { WindowFacts } from '../facts.ts';
import { emptyCell } from '../sums/index.ts';
import { healthIn, troubleOver } from './since-trouble.ts';

/** Windows of 10 s one after the other: requests, and how many of them failed or took 2 s. */
function windows(...seen: ([requests: number, failed: number, slow?: number] | undefined)[]): WindowFacts[] {
  return seen.flatMap((one, at): WindowFacts[] => {
    if (one === undefined) return [];
    const [requests, server_errors, slow = 0] = one;
    const latency = [[5, requests - slow] as const, [2_000, slow] as const]
      .filter(([, count]) => count > 0)
      .flatMap(([ms, count]) => [histogramBucket(ms), count]);
    const counts = { ...emptyCell().counts, countedBy: 'log' as const, requests, server_errors, latency };
    return [{ startMs: 10_000 * at, durationMs: 10_000, closed: true, counts, signals: [] }];
  });
}

test.for([
  ['there was none', windows([50, 0], [50, 0]), undefined],
  ['it goes on', windows([50, 0], [50, 50]), undefined],
  ['the next window has only begun', windows([50, 50], [50, 0]), undefined],
  ['a whole window did well', windows([50, 50], [50, 0], [4, 0]), 10_000],
  ['too few did well, were one of twenty to fail', windows([100, 5], [20, 0], [20, 0]), undefined],
  ['enough did well, were one of twenty to fail', windows([100, 5], [100, 0], [40, 0]), 10_000],
  ['two that do well are chance', windows([50, 50], [1, 0], [1, 0]), undefined],
  ['one failed again', windows([50, 50], [50, 0], [50, 1], [50, 0]), undefined],
  ['slow ones are trouble, too', windows([50, 0, 50], [50, 0], [4, 0]), 10_000],
  ['nobody asked since', windows([50, 50]), undefined],
  ['nothing for a while, and then well', windows([50, 50], undefined, undefined, [5, 0]), 10_000],
] as const)('trouble is over: %s', ([, seen, overMs]) => {
  expect(troubleOver(seen)?.overMs).toBe(overMs);
});

test('health is of what is given', () => {
  expect(healthIn(windows([50, 50], [50, 0]))).toBe('failing');
  expect(healthIn(windows([50, 0, 50]))).toBe('slow');
  expect(healthIn(windows([50, 0], [4, 0]))).toBe('healthy');
  expect(healthIn([])).toBe('unknown');
});
