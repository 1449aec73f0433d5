import { describe, expect, it } from 'vitest';
import { outageEndMs } from './outage.ts';

/** Buckets of one check, from 0 on: how many checks failed in each; a refused one lost nothing. */
const check = (...failed: (number | 'refused')[]) => ({
  buckets: failed.map((one, n) => ({
    boot: 'b',
    n,
    startedMs: n * 10_000,
    checks: 2,
    failed: one === 'refused' ? 1 : one,
    voided: 0,
    sent: 8,
    lost: one === 'refused' ? 0 : 4 * one,
    latency: [],
  })),
});

describe('an outage that is told when it is over', () => {
  it.each<[string, ReturnType<typeof check>[], number, number, string?]>([
    ['every check fell silent in one bucket', [check(0, 1), check(0, 1)], 1, 10_001],
    ['their silences ended in two buckets', [check(0, 1, 0), check(0, 0, 1)], 2, 20_001],
    ['the path has one check', [check(0, 1)], 1, 10_001],
    ['one check was answered', [check(0, 1), check(0, 0)], 1, 0],
    ['one check was refused', [check(0, 1), check(0, 'refused')], 1, 0],
    ['they fell silent far apart', [check(1, 0, 0, 0), check(0, 0, 0, 1)], 3, 0],
    ['another boot', [check(0, 1), check(0, 1)], 1, 0, 'other'],
  ])('%s', (_, checks, n, endMs, boot = 'b') => {
    expect(outageEndMs({ checks: checks as never }, { boot, n })).toBe(endMs);
  });
});
