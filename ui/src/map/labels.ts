import { pointAt, type Curve } from './curve.ts';
import type { Box } from './scene.ts';

/** Words that belong to a curve, so large. */
export interface Wish {
  curve: Curve;
  width: number;
  height: number;
  /** They are told even where they cover something. */
  must: boolean;
}

/** Where along a curve words may stand, the best first, and how far beside it. */
const parts = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74] as const;
const asides = [0, 22, -22, 31, -31, 42, -42, 54, -54] as const;

/**
 * Boxes for words beside their curves, none over another and none over what is `taken`, in the order of the wishes;
 * `undefined` for those that find no room.
 */
export function placeLabels(wishes: readonly Wish[], taken: readonly Box[]): (Box | undefined)[] {
  const covered = [...taken];
  return wishes.map((wish) => {
    const found = roomFor(wish, covered);
    if (found !== undefined) covered.push(found);
    return found;
  });
}

function roomFor({ curve, width, height, must }: Wish, covered: readonly Box[]): Box | undefined {
  for (const aside of asides) {
    for (const part of parts) {
      const at = pointAt(curve, part);
      const box = { x: at.x - width / 2, y: at.y - height / 2 + aside, width, height };
      if (!covered.some((other) => overlap(box, other))) return box;
    }
  }
  if (!must) return undefined;
  const middle = pointAt(curve, 0.5);
  return { x: middle.x - width / 2, y: middle.y - height / 2, width, height };
}

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
