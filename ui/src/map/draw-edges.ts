import type { Brush } from './look.ts';
import type { Edge } from './scene.ts';
import type { Tone } from './trouble.ts';

/** One huge anti-aliased path takes ten times as long as many small ones. */
const curvesInAPath = 48;

const dashes = { full: [], dashed: [6, 5], ghost: [2, 5] };

/** How a group of dependencies is stroked. */
interface Stroke {
  key: string;
  colour: string;
  alpha: number;
  width: number;
  dash: readonly number[];
  /** Drawn later, over others: trouble lies on top. */
  rank: number;
  heads: boolean;
}

const ranks: Record<Tone, number> = { ok: 0, unknown: 1, warn: 2, bad: 3 };

/**
 * Draws dependencies in steps: the state of the path as a broad band under a line that tells how the dependency does. In
 * a crowd only trouble has its band and its full strength: everything else would cover it.
 */
export function* drawEdges(brush: Brush, edges: readonly Edge[]): Generator<undefined, void> {
  const { on } = brush;
  on.lineCap = 'round';
  for (const [stroke, group] of strokesOf(edges, (one) => bandOf(brush, one))) {
    setStroke(on, stroke);
    yield* strokeAll(on, group);
  }
  for (const [stroke, group] of strokesOf(edges, (one) => lineOf(brush, one))) {
    setStroke(on, stroke);
    yield* strokeAll(on, group);
    if (!stroke.heads) continue;
    on.fillStyle = stroke.colour;
    yield* drawHeads(brush, group, stroke.width, stroke.rank % 10 >= ranks.warn);
  }
  on.setLineDash([]);
  on.globalAlpha = 1;
}

function isLit({ look: { lit } }: Brush, one: Edge): boolean {
  return lit === undefined || lit.edges.has(one.id);
}

function bandOf(brush: Brush, one: Edge): Stroke | undefined {
  const { path } = one;
  if (path === undefined) return undefined;
  const isTrouble = path === 'bad' || path === 'warn';
  if (brush.isCrowd && !isTrouble) return undefined;
  const lit = isLit(brush, one);
  return {
    key: `${path} ${lit}`,
    colour: brush.look.colours.tones[path],
    alpha: (isTrouble ? 0.42 : 0.16) * (lit ? 1 : 0.25),
    width: Math.max(9, isTrouble ? 4 * brush.pixel : 0),
    dash: [],
    rank: ranks[path],
    heads: false,
  };
}

function lineOf(brush: Brush, one: Edge): Stroke {
  const { tone, line } = one;
  const lit = isLit(brush, one);
  const isTrouble = (tone === 'bad' || tone === 'warn') && line !== 'ghost';
  const stepsBack = brush.isCrowd && !isTrouble && brush.look.lit === undefined;
  // As thin as the screen can: the thinnest lines are drawn fastest, too.
  const width = stepsBack ? 0.9 * brush.pixel : widthOf(brush, one, isTrouble);
  const alpha = line === 'ghost' ? 0.3 : isTrouble ? 1 : stepsBack ? 0.2 : 0.75;
  return {
    key: `${tone} ${line} ${lit} ${width}`,
    colour: brush.look.colours.tones[tone],
    alpha: alpha * (lit ? 1 : brush.isCrowd ? 0.06 : 0.15),
    width,
    dash: dashes[line],
    rank: ranks[tone] + (lit ? 10 : 0),
    heads: !stepsBack,
  };
}

/** Trouble can be seen from far away; in a crowd it is no broader than it must be. */
function widthOf({ isCrowd, pixel }: Brush, { tone, width }: Edge, isTrouble: boolean): number {
  const least = isTrouble ? (tone === 'bad' || !isCrowd ? 1.8 : 1.2) * pixel : 0;
  return isCrowd && isTrouble ? least : Math.max(Math.round(width), least);
}

function setStroke(on: CanvasRenderingContext2D, { colour, alpha, width, dash }: Stroke): void {
  on.strokeStyle = colour;
  on.globalAlpha = alpha;
  on.lineWidth = width;
  on.setLineDash([...dash]);
}

function* strokeAll(on: CanvasRenderingContext2D, edges: readonly Edge[]): Generator<undefined, void> {
  for (let at = 0; at < edges.length; at += curvesInAPath) {
    on.beginPath();
    for (const { curve } of edges.slice(at, at + curvesInAPath)) {
      const [a, b, c, d] = curve;
      on.moveTo(a.x, a.y);
      on.bezierCurveTo(b.x, b.y, c.x, c.y, d.x, d.y);
    }
    on.stroke();
    yield;
  }
}

function* drawHeads(
  { on, pixel }: Brush,
  edges: readonly Edge[],
  width: number,
  isTrouble: boolean,
): Generator<undefined, void> {
  const size = Math.max(5 + width, isTrouble ? 3.5 * pixel : 0);
  for (let at = 0; at < edges.length; at += curvesInAPath) {
    on.beginPath();
    for (const { curve } of edges.slice(at, at + curvesInAPath)) {
      const [, , handle, end] = curve;
      const back = size * 1.4 * (handle.x > end.x ? 1 : -1);
      on.moveTo(end.x, end.y);
      on.lineTo(end.x + back, end.y - size * 0.6);
      on.lineTo(end.x + back, end.y + size * 0.6);
      on.closePath();
    }
    on.fill();
    yield;
  }
}

/** Dependencies by how they are stroked, the troubled last. */
function strokesOf(edges: readonly Edge[], strokeOf: (one: Edge) => Stroke | undefined): [Stroke, Edge[]][] {
  const groups = new Map<string, [Stroke, Edge[]]>();
  for (const one of edges) {
    const stroke = strokeOf(one);
    if (stroke === undefined) continue;
    const group = groups.get(stroke.key);
    if (group === undefined) groups.set(stroke.key, [stroke, [one]]);
    else group[1].push(one);
  }
  return [...groups.values()].sort(([a], [b]) => a.rank - b.rank);
}
