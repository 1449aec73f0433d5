import { describe, expect, test } from 'vitest';
import { createTracePlan, type TracePlan } from './trace-plan.ts';

const intervalMs = 300_000;

/** One target, planned at 5 s. */
function plan(): TracePlan {
  const made = createTracePlan(intervalMs, () => 0.5);
  made.follow(new Set(['eu1-a']), 0);
  return made;
}
/** What is told in each look, at these times. */
const told = (made: TracePlan, ...times: number[]) =>
  times.map((nowMs) => made.take(nowMs).map(({ cause, task }) => task ?? cause));

describe('a target is traced', () => {
  test('soon after the start, then once in an interval', () => {
    const made = plan();
    expect(made.nextMs()).toBe(5_000);
    expect(told(made, 4_999, 5_000, 5_001, 304_999, 305_000)).toEqual([
      [],
      ['schedule'],
      [],
      [],
      ['schedule'],
    ]);
  });

  test('at once when its path turns bad, and not again while that trace is young', () => {
    const made = plan();
    told(made, 5_000);
    made.trouble('eu1-a', 60_000);
    expect(made.nextMs()).toBe(60_000);
    expect(told(made, 60_000)).toEqual([['trouble']]);
    made.trouble('eu1-a', 61_000);
    expect(told(made, 61_000, 75_000)).toEqual([[], []]);
  });

  test('when somebody asks, at most every ten seconds, each task by its own trace', () => {
    const made = plan();
    made.ask('eu1-a', 'first', 30_000);
    made.ask('eu1-a', 'second', 30_000);
    expect(told(made, 1_000, 2_000, 10_999, 11_000)).toEqual([['first'], [], [], ['second']]);
  });

  test('for nobody who no longer waits', () => {
    const made = plan();
    told(made, 5_000);
    made.ask('eu1-a', 'late', 14_000);
    expect(told(made, 14_500, 16_000)).toEqual([[], []]);
  });

  test('sooner than planned when its path is well again', () => {
    const made = plan();
    told(made, 5_000);
    made.soon('eu1-a', 60_000);
    expect(made.nextMs()).toBe(70_000);
  });

  test('only while it is followed', () => {
    const made = plan();
    made.ask('elsewhere', 'task', 30_000);
    expect(told(made, 1_000)).toEqual([[]]);
    made.follow(new Set(), 2_000);
    made.trouble('eu1-a', 3_000);
    expect([told(made, 400_000), made.nextMs()]).toEqual([[[]], Infinity]);
  });
});
