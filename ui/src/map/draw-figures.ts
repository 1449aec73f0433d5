import type { Colours } from './colours.ts';
import { curveOf, pointAt } from './curve.ts';
import type { Edge } from './scene.ts';

/** More than these would cover each other, and what lies under them. */
export const mostFigures = 120;

/** Rate, latency and errors beside each dependency. */
export function drawFigures(
  on: CanvasRenderingContext2D,
  edges: readonly Edge[],
  colours: Colours,
  lit: ReadonlySet<string> | undefined,
): void {
  on.font = `11px ${colours.sans}`;
  on.textAlign = 'center';
  on.textBaseline = 'middle';
  for (const one of edges) {
    if (one.line === 'ghost' || (lit !== undefined && !lit.has(one.id))) continue;
    const curve = curveOf(one);
    const width = on.measureText(one.figures).width + 10;
    // Between neighbours there is no room for words: they stand under the two.
    const isShort = Math.abs(curve[3].x - curve[0].x) < width + 12 && Math.abs(curve[3].y - curve[0].y) < 20;
    const { x, y } = pointAt(curve, 0.5);
    const top = y + (isShort ? 31 : 0) + (one.blame === undefined ? 0 : 20);
    on.fillStyle = colours.ground;
    on.globalAlpha = 0.8;
    on.beginPath();
    on.roundRect(x - width / 2, top - 8, width, 16, 8);
    on.fill();
    on.globalAlpha = 1;
    on.fillStyle = colours.text;
    on.fillText(one.figures, x, top + 0.5);
  }
}
