import { describe, expect, it } from 'vitest';
import { firstDelayMs, nextDueMs } from './rhythm.ts';

describe('the rhythm of checks', () => {
  it('spreads the first checks of many targets evenly over the interval', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let i = 0; i < 1000; i++) {
      const tenth = Math.floor(firstDelayMs(`["us${i % 7}-host${i}","tcp",""]`, 5000) / 500);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    expect(Math.min(...tenths)).toBeGreaterThan(60);
    expect(Math.max(...tenths)).toBeLessThan(140);
  });

  it('begins in the order that targets are given in, whatever they are called', () => {
    const delays = Array.from({ length: 50 }, (_, at) =>
      firstDelayMs(`target ${(at * 7) % 50}`, 5000, at, 50),
    );
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(delays.at(-1)).toBeLessThan(5000);
    expect(delays.every((ms, at) => Math.floor(ms / 100) === at)).toBe(true);
  });

  it('does not wait a minute for the first check of a minute’s interval', () => {
    for (let i = 0; i < 100; i++) expect(firstDelayMs(`target ${i}`, 60_000)).toBeLessThan(5000);
  });

  it.each([
    ['earliest', 1000, 1010, 0, 5500],
    ['in the middle', 1000, 1010, 0.5, 6000],
    ['latest', 1000, 1010, 1, 6500],
    ['a check that took longer than the interval is followed at once', 1000, 9000, 0.5, 9000],
  ])('%s', (_, dueMs, nowMs, random, next) => {
    expect(nextDueMs(dueMs, nowMs, 5000, random)).toBe(next);
  });
});
