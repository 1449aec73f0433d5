import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beside } from './beside.ts';

const wall = { width: 1920, height: 1080 };
const phone = { width: 390, height: 844 };
const box = { width: 340, height: 300 };

test.for([
  ['right of it', { left: 100, top: 100, width: 300, height: 80 }, wall, { left: 408, top: 100 }],
  ['left of it', { left: 1500, top: 900, width: 400, height: 80 }, wall, { left: 1152, top: 772 }],
  ['below it', { left: 10, top: 100, width: 370, height: 80 }, phone, { left: 10, top: 188 }],
  ['above it', { left: 10, top: 700, width: 370, height: 80 }, phone, { left: 10, top: 392 }],
] as const)('%s', ([, card, screen, expected]) => {
  expect(beside(card, box, screen)).toEqual(expected);
});

test('a box that fits is wholly on the screen, wherever the card is', () => {
  const length = fc.integer({ min: -500, max: 2_500 });
  fc.assert(
    fc.property(length, length, fc.constantFrom(wall, phone), (left, top, screen) => {
      const at = beside({ left, top, width: 300, height: 90 }, box, screen);
      expect(at.left).toBeGreaterThanOrEqual(8);
      expect(at.top).toBeGreaterThanOrEqual(8);
      expect(at.left + box.width).toBeLessThanOrEqual(screen.width - 8);
      expect(at.top + box.height).toBeLessThanOrEqual(screen.height - 8);
    }),
  );
});
