import type { LiveRequest } from '@netring/contract/traffic';
import { liveRequests } from '@netring/contract/traffic';
import { expect, test } from 'vitest';
import { createLiveSample, drawnPerSecond, firstsPerSecond } from './live-sample.ts';

const request = (n: number, target = 'service:web'): LiveRequest => ({
  at_ms: n,
  source: 'address:a',
  target,
});

/** A sample on a clock and with chances of its own. */
function start() {
  let nowMs = 0;
  let seed = 1;
  // Park and Miller's generator: the same draws in every run.
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const sample = createLiveSample(() => nowMs, random);
  return { sample, pass: (ms: number) => (nowMs += ms) };
}

test('few requests are all there, in order of time', () => {
  const { sample } = start();
  for (const n of [3, 1, 2]) sample.offer(request(n));
  const taken = sample.take();
  expect(taken).toEqual({ seen: 3, sample: [request(1), request(2), request(3)] });
  expect(liveRequests.parse(taken)).toEqual(taken);
  expect(sample.take()).toBeUndefined();
});

test('of many a bounded number, and how many there were', () => {
  const { sample, pass } = start();
  for (let second = 0; second < 4; second++, pass(1000))
    for (let n = 0; n < 10_000; n++) if (!sample.skips('address:a', 'service:web')) sample.offer(request(n));
  const taken = sample.take();
  expect(taken?.seen).toBe(40_000);
  expect(taken?.sample.length).toBeLessThanOrEqual(200);
  expect(taken?.sample.length).toBeGreaterThanOrEqual(4 * drawnPerSecond);
  expect(sample.seen()).toBe(40_000);
});

test('each request of a second is as likely to be drawn as any other', () => {
  const { sample, pass } = start();
  const tenths = new Array<number>(10).fill(0);
  for (let second = 0; second < 200; second++, pass(1000)) {
    for (let n = 0; n < 1000; n++) if (!sample.skips('address:a', 'service:web')) sample.offer(request(n));
    for (const { at_ms } of sample.take()?.sample ?? []) tenths[Math.floor(at_ms / 100)]!++;
  }
  // 1,000 expected in each: eight standard deviations are 240.
  for (const count of tenths) expect(Math.abs(count - 1000)).toBeLessThan(240);
});

test('a quiet dependency is seen beside a loud one, where there is room', () => {
  const { sample } = start();
  for (let n = 0; n < 10_000; n++) sample.offer(request(n));
  for (let n = 0; n < firstsPerSecond + 20; n++) sample.offer(request(20_000, `service:quiet${n}`));
  const targets = new Set(sample.take()?.sample.map(({ target }) => target));
  expect(targets.size).toBeGreaterThanOrEqual(firstsPerSecond);
});
