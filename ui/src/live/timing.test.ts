import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isSilent, retryDelayMs, silentAfterMs } from './connection.ts';
import { frameBatch } from './frame-batch.ts';
import { paced } from './paced.ts';
import { nextOffsetMs } from './server-clock.ts';

describe('the offset to the registry’s clock', () => {
  test.for([
    ['the first event sets it', undefined, 1_000, 100, 900],
    ['an event that came faster is truer', 900, 1_001, 100, 901],
    ['one that came late is followed slowly', 900, 1_000, 200, 895],
    ['a clock that was set back is followed at once', 900, 1_000, 90_000, -89_000],
  ] as const)('%s', ([, before, server, monotonic, offset]) => {
    expect(nextOffsetMs(before, server, monotonic)).toBeCloseTo(offset, 6);
  });
});

test('a stream is silent after two missed beats and a grace', () => {
  expect(isSilent(0, silentAfterMs)).toBe(false);
  expect(isSilent(0, silentAfterMs + 1)).toBe(true);
});

test.for([
  [0, 0, 375],
  [0, 1, 625],
  [3, 0.5, 4_000],
  [50, 0.5, 5_000],
] as const)('attempt %i with chance %d waits %i ms', ([attempt, chance, ms]) => {
  expect(retryDelayMs(attempt, chance)).toBe(ms);
});

describe('frameBatch', () => {
  test('hands everything of a frame on at once', () => {
    const taken: (readonly number[])[] = [];
    const frames: (() => void)[] = [];
    const add = frameBatch<number>(
      (items) => taken.push(items),
      (then) => frames.push(then),
    );
    add(1);
    add(2);
    expect(taken).toEqual([]);
    frames.shift()?.();
    add(3);
    frames.shift()?.();
    expect(taken).toEqual([[1, 2], [3]]);
  });

  test('does not wait for a frame that never comes', () => {
    const taken: number[] = [];
    const add = frameBatch<number>(
      (items) => taken.push(...items),
      () => undefined,
    );
    for (let item = 0; item < 300; item++) add(item);
    expect(taken).toHaveLength(256);
  });
});

describe('paced', () => {
  const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('runs at once, then at most once per gap, and never misses the last request', async () => {
    const runs: number[] = [];
    const started = Date.now();
    const pace = paced(() => {
      runs.push(Date.now() - started);
      return Promise.resolve();
    }, 80);
    for (let time = 0; time < 4; time++) {
      pace.ask();
      await wait(10);
    }
    await wait(150);
    expect(runs).toEqual([0, 80]);
  });

  test('what is stopped does not run again', async () => {
    let runs = 0;
    const pace = paced(async () => {
      runs += 1;
      await new Promise((done) => setTimeout(done, 20));
    }, 10);
    pace.ask();
    await wait(5);
    pace.ask();
    pace.stop();
    await wait(60);
    expect(runs).toBe(1);
  });
});
