import type { Colours } from './colours.ts';
import { curveOf, pointAt } from './curve.ts';
import type { Edge } from './scene.ts';

/** One huge anti-aliased path takes ten times as long as many small ones. */
const curvesInAPath = 48;

const dashes = { full: [], dashed: [6, 5], ghost: [2, 5] };

/** Draws dependencies in steps: the state of the path as a broad band under a line that tells how the dependency does. */
export function* drawEdges(
  on: CanvasRenderingContext2D,
  edges: readonly Edge[],
  colours: Colours,
  lit: ReadonlySet<string> | undefined,
): Generator<undefined, void> {
  const isLit = (one: Edge): boolean => lit === undefined || lit.has(one.id);
  on.lineCap = 'round';
  for (const [key, group] of groupsOf(edges, (one) => `${one.path ?? ''} ${isLit(one)}`)) {
    const [path = ''] = key.split(' ');
    if (path === '') continue;
    on.strokeStyle = colours.tones[path as keyof Colours['tones']];
    on.globalAlpha = (path === 'bad' || path === 'warn' ? 0.42 : 0.16) * (isLit(group[0] as Edge) ? 1 : 0.25);
    on.lineWidth = 9;
    on.setLineDash([]);
    yield* strokeAll(on, group);
  }
  const styleOf = (one: Edge): string => `${one.tone} ${one.line} ${isLit(one)} ${Math.round(one.width)}`;
  for (const [, group] of groupsOf(edges, styleOf)) {
    const first = group[0] as Edge;
    on.strokeStyle = colours.tones[first.tone];
    on.globalAlpha =
      (first.line === 'ghost' ? 0.3 : first.tone === 'ok' ? 0.75 : 1) * (isLit(first) ? 1 : 0.15);
    on.lineWidth = Math.round(first.width);
    on.setLineDash(dashes[first.line]);
    yield* strokeAll(on, group);
    on.fillStyle = on.strokeStyle;
    drawHeads(on, group);
    yield;
  }
  on.setLineDash([]);
  on.globalAlpha = 1;
}

/** What is blamed, in words at the middle of its dependency. */
export function drawBlames(
  on: CanvasRenderingContext2D,
  edges: readonly Edge[],
  colours: Colours,
  lit: ReadonlySet<string> | undefined,
): void {
  on.font = `600 12px ${colours.sans}`;
  on.textAlign = 'center';
  on.textBaseline = 'middle';
  for (const one of edges) {
    if (one.blame === undefined || (lit !== undefined && !lit.has(one.id))) continue;
    const curve = curveOf(one);
    const width = on.measureText(one.blame).width + 14;
    // Between neighbours there is no room for words: they stand under the two.
    const isShort = Math.abs(curve[3].x - curve[0].x) < width + 12 && Math.abs(curve[3].y - curve[0].y) < 20;
    const middle = pointAt(curve, 0.5);
    const at = { x: middle.x, y: middle.y + (isShort ? 31 : 0) };
    on.fillStyle = colours.tones[one.tone === 'ok' ? 'warn' : one.tone];
    on.beginPath();
    on.roundRect(at.x - width / 2, at.y - 10, width, 20, 10);
    on.fill();
    on.fillStyle = colours.ground;
    on.fillText(one.blame, at.x, at.y + 0.5);
  }
}

function* strokeAll(on: CanvasRenderingContext2D, edges: readonly Edge[]): Generator<undefined, void> {
  for (let at = 0; at < edges.length; at += curvesInAPath) {
    on.beginPath();
    for (const one of edges.slice(at, at + curvesInAPath)) {
      const [a, b, c, d] = curveOf(one);
      on.moveTo(a.x, a.y);
      on.bezierCurveTo(b.x, b.y, c.x, c.y, d.x, d.y);
    }
    on.stroke();
    yield;
  }
}

function drawHeads(on: CanvasRenderingContext2D, edges: readonly Edge[]): void {
  for (let at = 0; at < edges.length; at += curvesInAPath) {
    on.beginPath();
    for (const one of edges.slice(at, at + curvesInAPath)) {
      const [, , handle, end] = curveOf(one);
      const size = (5 + one.width) * (handle.x > end.x ? 1 : -1);
      on.moveTo(end.x, end.y);
      on.lineTo(end.x + size * 1.4, end.y - size * 0.6);
      on.lineTo(end.x + size * 1.4, end.y + size * 0.6);
      on.closePath();
    }
    on.fill();
  }
}

function groupsOf(edges: readonly Edge[], keyOf: (one: Edge) => string): Map<string, Edge[]> {
  const groups = new Map<string, Edge[]>();
  for (const one of edges) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}
