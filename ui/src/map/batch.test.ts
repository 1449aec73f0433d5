import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { batch } from './batch.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('the first is handed on at once, what follows together after a rest, and nothing after the stop', () => {
  const taken: number[][] = [];
  const { add, stop } = batch<number>((items) => taken.push([...items]), 500);
  add(1);
  vi.advanceTimersByTime(1);
  expect(taken).toEqual([[1]]);
  add(2);
  vi.advanceTimersByTime(300);
  add(3);
  expect(taken).toEqual([[1]]);
  vi.advanceTimersByTime(200);
  expect(taken).toEqual([[1], [2, 3]]);
  vi.advanceTimersByTime(5_000);
  add(4);
  vi.advanceTimersByTime(1);
  expect(taken).toEqual([[1], [2, 3], [4]]);
  add(5);
  stop();
  vi.advanceTimersByTime(5_000);
  expect(taken).toHaveLength(3);
});
