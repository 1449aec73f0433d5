import type { Box } from './scene.ts';

export interface Point {
  x: number;
  y: number;
}

/** A cubic curve: from, two handles, to. */
export type Curve = readonly [Point, Point, Point, Point];

/**
 * The curve of a dependency, from the side of its caller that faces the callee to the side that faces the caller; a bow
 * to the right where one stands above the other, a loop for what calls itself.
 */
export function curveOf({ from, to, lane = 0 }: { from: Box; to: Box; lane?: number }): Curve {
  const middle = (one: Box): number => one.y + one.height / 2;
  if (from === to) {
    const top = from.y - 26 - 14 * lane;
    const [left, right] = [from.x, from.x + from.width];
    return [
      { x: right, y: middle(from) },
      { x: right + 34, y: top },
      { x: left - 34, y: top },
      { x: left, y: middle(from) },
    ];
  }
  const isRight = to.x >= from.x + from.width;
  const isLeft = from.x >= to.x + to.width;
  const start = { x: isLeft ? from.x : from.x + from.width, y: middle(from) };
  const end = { x: isRight ? to.x : to.x + to.width, y: middle(to) };
  const isBeside = isLeft || isRight;
  // Of those that stand above each other, the further apart, the wider the bow: they do not all run on one line.
  const away = isBeside
    ? Math.max(36, Math.min(220, Math.abs(end.x - start.x) / 2))
    : Math.min(150, 36 + 0.12 * Math.abs(end.y - start.y));
  const [out, back] = isLeft ? [-away, away] : isRight ? [away, -away] : [away, away];
  const bow = bowOf(start, end, from.height) + besides(lane);
  return [start, { x: start.x + out, y: start.y + bow }, { x: end.x + back, y: end.y + bow }, end];
}

/** Several between two run beside each other: the first straight, the others on alternate sides of it. */
function besides(lane: number): number {
  return (lane % 2 === 0 ? 1 : -1) * Math.ceil(lane / 2) * 34;
}

/** The box of its ends and handles: a curve stays within it. */
export function boundsOf([a, b, c, d]: Curve): Box {
  const x = Math.min(a.x, b.x, c.x, d.x);
  const y = Math.min(a.y, b.y, c.y, d.y);
  return { x, y, width: Math.max(a.x, b.x, c.x, d.x) - x, height: Math.max(a.y, b.y, c.y, d.y) - y };
}

/** Two in one row: the curve leaves the row, up on its way right and down on its way left, or it would seem to end at what stands between. */
function bowOf(start: Point, end: Point, height: number): number {
  const across = end.x - start.x;
  if (Math.abs(end.y - start.y) > height || Math.abs(across) < 1.5 * height) return 0;
  return -Math.sign(across) * Math.min(3 * height, height + 0.12 * Math.abs(across));
}

/** The point at `part` (0–1) of a curve. */
export function pointAt([a, b, c, d]: Curve, part: number): Point {
  const rest = 1 - part;
  const [wa, wb, wc, wd] = [rest ** 3, 3 * rest * rest * part, 3 * rest * part * part, part ** 3];
  return { x: wa * a.x + wb * b.x + wc * c.x + wd * d.x, y: wa * a.y + wb * b.y + wc * c.y + wd * d.y };
}

/** How far a point is from a curve, by some steps along it. */
export function distanceTo(curve: Curve, { x, y }: Point): number {
  let least = Infinity;
  for (let step = 0; step <= 24; step++) {
    const at = pointAt(curve, step / 24);
    least = Math.min(least, Math.hypot(at.x - x, at.y - y));
  }
  return least;
}
