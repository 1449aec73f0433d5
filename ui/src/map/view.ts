import { distanceTo, type Point } from './curve.ts';
import { titleBox } from './draw-areas.ts';
import type { Area, Box, Edge, Node, Scene } from './scene.ts';

/** How the canvas looks at the scene: screen = world × scale + offset, in CSS pixels. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

const scales = { least: 0.06, most: 2.5 };
const margin = 24;
/** A phone has no room to leave. */
const slimMargin = 8;
const largestTall = 1.15;
/** A small map is shown larger than life, but not as a poster. */
const largest = 1.6;

/** The view that shows the whole scene; on a screen that is higher than wide, all of its width. */
export function fitted(scene: Scene, width: number, height: number): View {
  if (scene.isTall) return fittedInWidth(scene, width, height);
  const scale = clamp(
    Math.min((width - 2 * margin) / scene.width, (height - 2 * margin) / scene.height, largest),
  );
  return { scale, x: (width - scene.width * scale) / 2, y: (height - scene.height * scale) / 2 };
}

/** As large as can be read. What is higher than the screen begins where somebody should look first, or at its top. */
function fittedInWidth(scene: Scene, width: number, height: number): View {
  const scale = clamp(Math.min((width - 2 * slimMargin) / scene.width, largestTall));
  const x = (width - scene.width * scale) / 2;
  const rest = height - scene.height * scale;
  if (rest >= 2 * slimMargin) return { scale, x, y: rest / 2 };
  const first = firstTroubled(scene);
  const wanted = first === undefined ? slimMargin : height / 2 - (first.y + first.height / 2) * scale;
  return { scale, x, y: clampBetween(rest - slimMargin, wanted, slimMargin) };
}

function firstTroubled({ nodes }: Scene): Box | undefined {
  const present = nodes.filter(({ faded }) => !faded);
  return present.find(({ tone }) => tone === 'bad') ?? present.find(({ tone }) => tone === 'warn');
}

function clampBetween(least: number, value: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** The view after zooming by `factor` around a point of the screen, which stays where it is. */
export function zoomed(view: View, factor: number, at: Point): View {
  const scale = clamp(view.scale * factor);
  const by = scale / view.scale;
  return { scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by };
}

/** The view after the map was pulled by so many pixels. */
export function moved(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x + dx, y: view.y + dy };
}

export function toWorld(view: View, { x, y }: Point): Point {
  return { x: (x - view.x) / view.scale, y: (y - view.y) / view.scale };
}

/** What a person points at. */
export type Picked =
  { kind: 'service'; node: Node } | { kind: 'area'; area: Area } | { kind: 'dependency'; edge: Edge };

/** What stands at a point of the screen: a service before the name of a location, and both before a dependency. */
export function pickAt(scene: Scene, view: View, screen: Point): Picked | undefined {
  const at = toWorld(view, screen);
  const isIn = (one: Box): boolean =>
    at.x >= one.x && at.x <= one.x + one.width && at.y >= one.y && at.y <= one.y + one.height;
  const node = scene.nodes.findLast(isIn);
  if (node !== undefined) return { kind: 'service', node };
  const area = scene.areas.findLast((one) => isIn(titleBox(one, view.scale)));
  if (area !== undefined) return { kind: 'area', area };
  const reach = 8 / view.scale;
  let nearest: { edge: Edge; away: number } | undefined;
  for (const edge of scene.edges) {
    if (!touches(edge.bounds, { x: at.x - reach, y: at.y - reach, width: 2 * reach, height: 2 * reach }))
      continue;
    const away = distanceTo(edge.curve, at);
    if (away <= reach && away < (nearest?.away ?? Infinity)) nearest = { edge, away };
  }
  return nearest && { kind: 'dependency', edge: nearest.edge };
}

/** The part of the world that a canvas of this size shows, in CSS pixels. */
export function seenThrough(view: View, width: number, height: number): Box {
  const { x, y } = toWorld(view, { x: 0, y: 0 });
  return { x, y, width: width / view.scale, height: height / view.scale };
}

export function touches(a: Box, b: Box): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

function clamp(scale: number): number {
  return Math.min(scales.most, Math.max(scales.least, scale));
}
