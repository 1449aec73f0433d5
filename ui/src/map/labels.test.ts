import { expect, test } from 'vitest';
import { curveOf } from './curve.ts';
import { overlap, placeLabels } from './labels.ts';

const box = (x: number, y: number) => ({ x, y, width: 100, height: 40 });
const curve = curveOf({ from: box(0, 0), to: box(600, 0) });
const wish = (but: object = {}) => ({ curve, width: 80, height: 16, must: false, ...but });

test('words stand on no others and on no card; what finds no room is left out, unless it must be told', () => {
  const wishes = Array.from({ length: 40 }, () => wish());
  const placed = placeLabels(wishes, [box(0, 0), box(600, 0)]).flatMap((one) => one ?? []);
  expect(placed.length).toBeGreaterThan(5);
  expect(placed.length).toBeLessThan(40);
  placed.forEach((one, at) => {
    for (const other of placed.slice(at + 1)) expect(overlap(one, other)).toBe(false);
    expect(overlap(one, box(0, 0))).toBe(false);
  });
  const [must] = placeLabels([wish({ must: true })], [{ x: -9e3, y: -9e3, width: 2e4, height: 2e4 }]);
  expect(must).toBeDefined();
});
