import { mergePoints, type Point } from './point.ts';

/** Points, oldest first, put together into steps of `stepMs`; steps without any are left out. */
export function inSteps(points: readonly Point[], stepMs: number): Point[] {
  const steps = new Map<number, Point[]>();
  for (const point of points) {
    const atMs = Math.floor(point.at_ms / stepMs) * stepMs;
    const step = steps.get(atMs);
    if (step === undefined) steps.set(atMs, [point]);
    else step.push(point);
  }
  return [...steps].sort(([a], [b]) => a - b).map(([atMs, some]) => mergePoints(some, atMs));
}
