import { expect, test } from 'vitest';
import { createGestures } from './gesture.ts';
import { toWorld } from './view.ts';

const view = { scale: 1, x: 0, y: 0 };

test('a finger that hardly moves taps', () => {
  const gestures = createGestures();
  gestures.down(1, { x: 100, y: 100 });
  expect(gestures.move(1, { x: 103, y: 102 }, view)).toBeUndefined();
  expect(gestures.up(1)).toBe(true);
  expect(gestures.held).toBe(false);
});

test('one that moves pulls the map along, and that is no tap', () => {
  const gestures = createGestures();
  gestures.down(1, { x: 100, y: 100 });
  expect(gestures.move(1, { x: 120, y: 90 }, view)).toEqual({ scale: 1, x: 20, y: -10 });
  expect(gestures.move(1, { x: 121, y: 90 }, view)).toEqual({ scale: 1, x: 1, y: 0 });
  expect(gestures.up(1)).toBe(false);
});

test('two that part zoom around the one that rests', () => {
  const gestures = createGestures();
  gestures.down(1, { x: 100, y: 100 });
  gestures.down(2, { x: 200, y: 100 });
  const closer = gestures.move(2, { x: 300, y: 100 }, view);
  expect(closer?.scale).toBe(2);
  expect(toWorld(closer ?? view, { x: 100, y: 100 })).toEqual({ x: 100, y: 100 });
  expect([gestures.up(1), gestures.up(2)]).toEqual([false, false]);
});

test('a pointer that only hovers means nothing', () => {
  const gestures = createGestures();
  expect(gestures.move(1, { x: 1, y: 1 }, view)).toBeUndefined();
  expect(gestures.up(1)).toBe(false);
});
