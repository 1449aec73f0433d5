import type { Colours } from './colours.ts';
import { drawFigures, mostFigures } from './draw-figures.ts';
import { drawBlames, drawEdges } from './draw-edges.ts';
import type { Area, Node, Scene } from './scene.ts';
import { mayBeSeen, seenThrough, touches, type View } from './view.ts';

/** What is picked out: the others step back. */
export interface Lit {
  nodes: ReadonlySet<string>;
  edges: ReadonlySet<string>;
  /** The one that is selected, service or dependency. */
  selected: string;
}

/** Below this scale names cannot be read. */
const namesFrom = 0.32;
/** And below this one, figures. */
const figuresFrom = 0.6;

const typeWords: Record<string, string> = {
  web_server: 'web server',
  api_gateway: 'gateway',
  microservice: 'service',
  database: 'database',
  cache: 'cache',
  message_queue: 'queue',
  load_balancer: 'load balancer',
  external_api: 'external',
  unknown: 'unknown kind',
};

/** A service's type in words. */
export function typeText(type: string): string {
  return typeWords[type] ?? type.replaceAll('_', ' ');
}

/** How the scene is looked at. */
export interface Look {
  scene: Scene;
  view: View;
  colours: Colours;
  pixelRatio: number;
  lit: Lit | undefined;
}

/** How many cards are drawn before somebody else may have the processor. */
const cardsInAStep = 60;

/** Draws the layer that stands still: areas, dependencies, services. Between steps, other work may be done. */
export function* drawScene(
  on: CanvasRenderingContext2D,
  { scene, view, colours, pixelRatio, lit }: Look,
): Generator<undefined, void> {
  on.setTransform(1, 0, 0, 1, 0, 0);
  on.clearRect(0, 0, on.canvas.width, on.canvas.height);
  const scale = view.scale * pixelRatio;
  on.setTransform(scale, 0, 0, scale, view.x * pixelRatio, view.y * pixelRatio);
  const seen = seenThrough(view, on.canvas.width / pixelRatio, on.canvas.height / pixelRatio);
  for (const area of scene.areas) drawArea(on, area, colours, view.scale);
  yield;
  const edges = scene.edges.filter((one) => mayBeSeen(one, seen));
  yield* drawEdges(on, edges, colours, lit?.edges);
  const nodes = scene.nodes.filter((one) => touches(one, seen));
  for (let at = 0; at < nodes.length; at += cardsInAStep) {
    for (const node of nodes.slice(at, at + cardsInAStep)) drawNode(on, node, colours, view.scale, lit);
    yield;
  }
  if (view.scale >= figuresFrom && edges.length <= mostFigures) drawFigures(on, edges, colours, lit?.edges);
  if (view.scale >= namesFrom) drawBlames(on, edges, colours, lit?.edges);
}

function drawArea(on: CanvasRenderingContext2D, area: Area, colours: Colours, scale: number): void {
  on.fillStyle = colours.surface;
  on.strokeStyle = colours.line;
  on.lineWidth = 1;
  on.setLineDash(area.outside ? [6, 6] : []);
  on.globalAlpha = area.outside ? 0.55 : 1;
  on.beginPath();
  on.roundRect(area.x, area.y, area.width, area.height, 12);
  on.fill();
  on.stroke();
  on.setLineDash([]);
  on.globalAlpha = 1;
  on.fillStyle = area.outside ? colours.softText : colours.text;
  on.textAlign = 'left';
  on.textBaseline = 'alphabetic';
  // A location is read from across the room, whatever the scale.
  const size = Math.min(40, Math.max(15, 13 / scale));
  on.font = `600 ${size}px ${colours.sans}`;
  on.fillText(fitting(on, area.title, area.width - 32), area.x + 18, area.y + Math.min(30, 12 + size));
}

function drawNode(
  on: CanvasRenderingContext2D,
  node: Node,
  colours: Colours,
  scale: number,
  lit: Lit | undefined,
): void {
  const isOff = lit !== undefined && !lit.nodes.has(node.id);
  on.globalAlpha = isOff ? 0.25 : node.faded ? 0.4 : 1;
  on.fillStyle = colours.raised;
  const isSelected = lit?.selected === node.id;
  on.strokeStyle = isSelected ? colours.accent : colours.strongLine;
  on.lineWidth = isSelected ? 3 : 1;
  on.setLineDash(node.outside ? [4, 4] : []);
  on.beginPath();
  on.roundRect(node.x, node.y, node.width, node.height, 8);
  on.fill();
  on.stroke();
  on.setLineDash([]);
  drawShape(on, node, colours);
  if (scale >= namesFrom) drawNames(on, node, colours);
  on.globalAlpha = 1;
}

/** One shape per tone, as elsewhere on the screen: disc, triangle, cross, ring. */
function drawShape(on: CanvasRenderingContext2D, node: Node, colours: Colours): void {
  const [x, y, r] = [node.x + 15, node.y + node.height / 2, 5.5];
  on.fillStyle = on.strokeStyle = colours.tones[node.tone];
  on.lineWidth = 2.4;
  on.beginPath();
  switch (node.tone) {
    case 'ok':
      on.arc(x, y, r, 0, 2 * Math.PI);
      on.fill();
      return;
    case 'warn':
      on.moveTo(x, y - r);
      on.lineTo(x + r * 1.1, y + r * 0.9);
      on.lineTo(x - r * 1.1, y + r * 0.9);
      on.fill();
      return;
    case 'bad':
      on.moveTo(x - r, y - r);
      on.lineTo(x + r, y + r);
      on.moveTo(x + r, y - r);
      on.lineTo(x - r, y + r);
      on.stroke();
      return;
    case 'unknown':
      on.arc(x, y, r - 1, 0, 2 * Math.PI);
      on.stroke();
  }
}

function drawNames(on: CanvasRenderingContext2D, node: Node, colours: Colours): void {
  on.textAlign = 'left';
  on.textBaseline = 'alphabetic';
  on.fillStyle = colours.text;
  on.font = `600 13px ${colours.sans}`;
  on.fillText(fitting(on, node.name, node.width - 38), node.x + 29, node.y + 17);
  on.fillStyle = colours.softText;
  on.font = `11px ${colours.sans}`;
  on.fillText(fitting(on, typeText(node.type), node.width - 38), node.x + 29, node.y + 32);
}

/** Text from outside that could turn the text beside it round, taken away: a canvas does not isolate it. */
// eslint-disable-next-line no-control-regex -- naming them is the point of the expression
const unruly = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const mostFitted = 20_000;
const fitted = new Map<string, string>();

/** As much of a text as fits into a width, with an ellipsis where something is left out. Measuring is dear: it is remembered. */
function fitting(on: CanvasRenderingContext2D, text: string, width: number): string {
  const tame = text.slice(0, 200).replace(unruly, '');
  const key = `${on.font} ${Math.round(width)} ${tame}`;
  const before = fitted.get(key);
  if (before !== undefined) return before;
  if (fitted.size >= mostFitted) fitted.clear();
  const fits = cut(on, tame, width);
  fitted.set(key, fits);
  return fits;
}

function cut(on: CanvasRenderingContext2D, tame: string, width: number): string {
  if (on.measureText(tame).width <= width) return tame;
  const letters = [...tame];
  let [least, most] = [0, letters.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (on.measureText(`${letters.slice(0, middle).join('')}…`).width <= width) least = middle;
    else most = middle - 1;
  }
  return `${letters.slice(0, least).join('')}…`;
}
