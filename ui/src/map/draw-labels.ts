import { overlap, placeLabels } from './labels.ts';
import { figuresFrom, namesFrom, type Brush } from './look.ts';
import type { Box, Edge, Node } from './scene.ts';
import { figuresOf } from './words.ts';

/** More than these would cover each other, and what lies under them. */
const mostFigures = 120;
/** Names of troubled services where others cannot be read. */
const mostNames = 40;

interface Words {
  edge: Edge;
  figures: string;
  blame: string;
}

/** Rate, latency and errors beside each dependency, and what is blamed: none over another, none over a card. */
export function drawWords(brush: Brush, edges: readonly Edge[], nodes: readonly Node[]): void {
  const { on, look } = brush;
  if (look.view.scale < namesFrom) return;
  const hasFigures = look.view.scale >= figuresFrom && edges.length <= mostFigures;
  const words = edges.flatMap((edge): Words[] => {
    if (edge.line === 'ghost' || look.lit?.edges.has(edge.id) === false) return [];
    const one = {
      edge,
      figures: hasFigures && edge.isMarked !== true ? figuresOf(edge.dependencies) : '',
      blame: edge.blame ?? '',
    };
    return one.figures === '' && one.blame === '' ? [] : [one];
  });
  words.sort((a, b) => rankOf(b) - rankOf(a));
  on.textAlign = 'center';
  on.textBaseline = 'middle';
  const wishes = words.map(({ edge, figures, blame }) => ({
    curve: edge.curve,
    width: Math.max(widthOf(brush, figures, small(brush)), widthOf(brush, blame, bold(brush))),
    height: (figures === '' ? 0 : 16) + (blame === '' ? 0 : 20),
    must: blame !== '',
  }));
  const boxes = placeLabels(wishes, nodes);
  words.forEach((one, at) => {
    const box = boxes[at];
    if (box !== undefined) drawOne(brush, one, box);
  });
}

function drawOne(brush: Brush, { edge, figures, blame }: Words, { x, y, width }: Box): void {
  const { on, look } = brush;
  const middle = x + width / 2;
  if (blame !== '') {
    const own = widthOf(brush, blame, bold(brush));
    on.fillStyle = look.colours.tones[edge.tone === 'ok' && edge.isMarked !== true ? 'warn' : edge.tone];
    pill(on, middle - own / 2, y, own, 20);
    on.fillStyle = look.colours.ground;
    on.fillText(blame, middle, y + 10.5);
  }
  if (figures === '') return;
  const top = y + (blame === '' ? 0 : 20);
  const own = widthOf(brush, figures, small(brush));
  on.fillStyle = look.colours.ground;
  on.globalAlpha = 0.85;
  pill(on, middle - own / 2, top, own, 16);
  on.globalAlpha = 1;
  on.fillStyle = look.colours.text;
  on.fillText(figures, middle, top + 8.5);
}

function rankOf({ edge, blame }: Words): number {
  return { bad: 3, warn: 2, ok: 1, unknown: 0 }[edge.tone] + (blame === '' ? 0 : 10);
}

function small({ look }: Brush): string {
  return `11px ${look.colours.sans}`;
}

function bold({ look }: Brush): string {
  return `600 12px ${look.colours.sans}`;
}

function widthOf({ on }: Brush, text: string, font: string): number {
  on.font = font;
  return text === '' ? 0 : on.measureText(text).width + 12;
}

function pill(on: CanvasRenderingContext2D, x: number, y: number, width: number, height: number): void {
  on.beginPath();
  on.roundRect(x, y, width, height, height / 2);
  on.fill();
}

/** From far away: the names of those in trouble, the failing first, as large as can be read. */
export function drawTroubledNames(brush: Brush, nodes: readonly Node[]): void {
  const { on, look, pixel, fitting } = brush;
  if (look.view.scale >= namesFrom) return;
  const wanted = nodes
    .filter((one) => (one.tone === 'bad' || one.tone === 'warn') && !one.faded)
    .sort((a, b) => (a.tone === b.tone ? (a.id < b.id ? -1 : 1) : a.tone === 'bad' ? -1 : 1));
  const taken: Box[] = [];
  on.font = `600 ${12 * pixel}px ${look.colours.sans}`;
  on.textAlign = 'left';
  on.textBaseline = 'middle';
  on.lineJoin = 'round';
  for (const node of wanted) {
    if (taken.length >= mostNames) return;
    if (look.lit?.nodes.has(node.id) === false) continue;
    const name = fitting(on, node.name, 160 * pixel);
    const width = on.measureText(name).width;
    const box = {
      x: node.x + node.width / 2 + 7 * pixel,
      y: node.y + node.height / 2 - 8 * pixel,
      width,
      height: 16 * pixel,
    };
    if (taken.some((other) => overlap(box, other))) continue;
    taken.push(box);
    halo(brush, name, box.x, box.y + 8 * pixel, look.colours.text);
  }
}

/** Text that can be read whatever lies under it. */
export function halo({ on, look, pixel }: Brush, text: string, x: number, y: number, colour: string): void {
  on.lineWidth = 4 * pixel;
  on.strokeStyle = look.colours.ground;
  on.strokeText(text, x, y);
  on.fillStyle = colour;
  on.fillText(text, x, y);
}
