import { expect, test } from 'vitest';
import type { Point } from './point.ts';
import { baselinesOf, mergeUsual, usualOf } from './usual.ts';

const point = (p50_ms: number, state: Point['state'] = 'ok'): Point => ({
  at_ms: 0,
  state,
  checks: [{ kind: 'udp', sent: 4, lost: 0, p50_ms }],
});

test('the spread is half of the minutes’ distance from the median', () => {
  const minutes = [
    ...Array<number>(20).fill(40),
    ...Array<number>(15).fill(44),
    ...Array<number>(5).fill(90),
  ];
  const [one] = baselinesOf(usualOf(minutes.map((ms) => point(ms))));
  expect(one?.minutes).toBe(40);
  expect(Math.abs((one?.median_ms ?? 0) - 40)).toBeLessThan(0.5);
  expect(one?.spread_ms).toBe(0);
  const even = [40, 44, 48].flatMap((ms) => Array<Point>(10).fill(point(ms)));
  const [other] = baselinesOf(usualOf(even));
  expect(Math.abs((other?.median_ms ?? 0) - 44)).toBeLessThan(0.5);
  expect(Math.abs((other?.spread_ms ?? 0) - 4)).toBeLessThan(1);
});

test('hours add up, and bad minutes are left out', () => {
  const hour = usualOf([
    ...Array<Point>(20).fill(point(10)),
    ...Array<Point>(60).fill(point(99, 'degraded')),
  ]);
  expect(baselinesOf(hour)).toEqual([]);
  expect(baselinesOf(mergeUsual([hour, hour]))).toMatchObject([{ kind: 'udp', minutes: 40 }]);
});
