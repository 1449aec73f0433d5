import type { Edge } from './scene.ts';

export interface Point {
  x: number;
  y: number;
}

/** A cubic curve: from, two handles, to. */
export type Curve = readonly [Point, Point, Point, Point];

/** The curve of a dependency: out at the right of its caller, in at the left of its callee; a loop for its own caller. */
export function curveOf({ from, to }: Pick<Edge, 'from' | 'to'>): Curve {
  const start = { x: from.x + from.width, y: from.y + from.height / 2 };
  const end = { x: to.x, y: to.y + to.height / 2 };
  if (from === to) {
    const top = from.y - 26;
    return [start, { x: start.x + 34, y: top }, { x: end.x - 34, y: top }, end];
  }
  const reach = Math.max(36, Math.min(220, Math.abs(end.x - start.x) / 2));
  // Callers right of their callees: the curve bows, so that it does not lie on what stands in one row with both.
  const bow = end.x < start.x && Math.abs(end.y - start.y) < from.height ? from.height * 1.2 : 0;
  return [start, { x: start.x + reach, y: start.y + bow }, { x: end.x - reach, y: end.y + bow }, end];
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
