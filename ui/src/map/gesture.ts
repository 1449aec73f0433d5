import type { Point } from './curve.ts';
import { moved, zoomed, type View } from './view.ts';

/** What fingers, or a mouse, mean: a tap, a pull, or a pinch with two. Points are of the screen. */
export interface Gestures {
  down(id: number, at: Point): void;
  /** The view after the movement; `undefined` when nothing is held, or it is not yet far enough to be a pull. */
  move(id: number, at: Point, view: View): View | undefined;
  /** Whether it was a tap. */
  up(id: number): boolean;
  readonly held: boolean;
}

/** A hand is not that still. */
const tapReach = 5;

export function createGestures(): Gestures {
  const fingers = new Map<number, Point>();
  let isTap = false;
  return {
    down(id, at) {
      isTap = fingers.size === 0;
      fingers.set(id, at);
    },
    move(id, at, view) {
      const before = fingers.get(id);
      if (before === undefined) return undefined;
      const apart = Math.hypot(at.x - before.x, at.y - before.y);
      if (isTap && apart < tapReach) return undefined;
      isTap = false;
      fingers.set(id, at);
      const other = [...fingers].find(([one]) => one !== id)?.[1];
      if (other === undefined) return moved(view, at.x - before.x, at.y - before.y);
      const [was, is] = [before, at].map((one) => Math.hypot(one.x - other.x, one.y - other.y)) as [
        number,
        number,
      ];
      return was > 0 && is > 0 ? zoomed(view, is / was, other) : view;
    },
    up(id) {
      return fingers.delete(id) && isTap;
    },
    get held() {
      return fingers.size > 0;
    },
  };
}
