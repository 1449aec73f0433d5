import { performance } from 'node:perf_hooks';
import { expect, test, vi } from 'vitest';
import { createStoreClock } from './clock.ts';

/** A clock whose machine's monotonic time is what the test says. */
function clockAt(startMs: number) {
  let monotonicMs = startMs;
  vi.spyOn(performance, 'now').mockImplementation(() => monotonicMs);
  return { clock: createStoreClock(), goTo: (ms: number) => (monotonicMs = ms) };
}

test('goes by this machine until the store was asked, then by the store', () => {
  const { clock, goTo } = clockAt(100);
  expect(Math.abs(clock.nowMs() - Date.now())).toBeLessThan(60_000);
  clock.set(5_000, 100, 102);
  goTo(201);
  expect(clock.nowMs()).toBe(5_100);
});

test('takes the middle between question and answer as the moment of the reading', () => {
  const { clock, goTo } = clockAt(0);
  clock.set(1_000, 0, 10);
  goTo(10);
  expect(clock.nowMs()).toBe(1_005);
});

test('is not moved by a reading that differs by less than it can be wrong', () => {
  const { clock, goTo } = clockAt(0);
  clock.set(1_000, 0, 0);
  clock.set(1_099, 0, 100);
  goTo(100);
  expect(clock.nowMs()).toBe(1_100);
  clock.set(1_110, 100, 102);
  expect(clock.nowMs()).toBe(1_109);
});

test('never goes backwards, and passes more slowly until the store has caught up', () => {
  const { clock, goTo } = clockAt(0);
  clock.set(10_000, 0, 0);
  goTo(100);
  expect(clock.nowMs()).toBe(10_100);
  clock.set(9_000, 100, 100);
  expect(clock.nowMs()).toBe(10_100);
  expect(clock.aheadMs()).toBe(1_100);
  goTo(1_100);
  expect(clock.nowMs()).toBe(11_000);
  goTo(11_100);
  expect(clock.nowMs()).toBe(20_000);
  goTo(12_100);
  expect(clock.nowMs()).toBe(21_000);
  expect(clock.aheadMs()).toBe(0);
});

test('does not stand still when the store is put back by an hour', () => {
  const { clock, goTo } = clockAt(0);
  clock.set(10_000_000, 0, 0);
  const before = clock.nowMs();
  for (let second = 0; second < 60; second++) {
    goTo(1_000 * second);
    clock.set(10_000_000 - 3_600_000 + 1_000 * second, 1_000 * second, 1_000 * second);
    clock.nowMs();
  }
  expect(clock.nowMs() - before).toBeGreaterThan(50_000);
  expect(clock.nowMs() - before).toBeLessThan(60_000);
});

test('goes on from what was told before', () => {
  const { clock, goTo } = clockAt(0);
  clock.set(5_000, 0, 0);
  clock.startFrom(9_000);
  expect(clock.nowMs()).toBe(9_000);
  clock.startFrom(7_000);
  goTo(100);
  expect(clock.nowMs()).toBe(9_090);
});
