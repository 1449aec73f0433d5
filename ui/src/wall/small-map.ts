import type { GraphDependency, GraphService } from '@netring/contract/graph';
import type { ServiceGraph } from '../map/graph.ts';
import { dependencyTone, pathTone, serviceTone, type Tone } from '../map/trouble.ts';
import { byName } from '../words/by-name.ts';

/** The service graph in so few strokes that it can be read small, or from far: one box a location, one line for all that goes from one to another. */
export interface SmallMap {
  width: number;
  height: number;
  boxes: Box[];
  lines: Line[];
  /** Lines beyond the bound; those left out are well. */
  moreLines: number;
}

export interface Box {
  key: string;
  title: string;
  x: number;
  y: number;
  tone: Tone;
  outside: boolean;
  services: number;
  /** Names of the services that are slow or failing, the worst first. */
  troubled: string[];
}

export interface Line {
  key: string;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  /** The worst of its dependencies, and of the paths under them. */
  tone: Tone;
  dependencies: number;
}

export const boxSize = { width: 220, height: 120 };
const gap = { x: 110, y: 80 };
const margin = 16;
/** More lines than this cannot be told apart. */
export const mostLines = 300;
/** A screen is wider than high. */
const screenRatio = 1.3;

const callers = { key: 'outside: callers', title: 'From outside' };
const called = { key: 'outside: called', title: 'Outside' };
const worse: Record<Tone, number> = { ok: 0, unknown: 1, warn: 2, bad: 3 };

/** Draws the graph small. What is gone is left out. */
export function smallMapOf({
  services,
  dependencies,
}: Pick<ServiceGraph, 'services' | 'dependencies'>): SmallMap {
  const present = [...services.values()].filter(({ activity }) => activity !== 'gone');
  const byArea = new Map<string, GraphService[]>();
  for (const one of present) {
    const area = areaOf(one);
    const inside = byArea.get(area);
    if (inside === undefined) byArea.set(area, [one]);
    else inside.push(one);
  }
  const boxes = placed(byArea);
  const boxOf = new Map(boxes.map((box) => [box.key, box]));
  const all = linesOf(dependencies.values(), services, boxOf);
  const lines = all.sort((a, b) => worse[b.tone] - worse[a.tone] || b.dependencies - a.dependencies);
  return {
    width: Math.max(...boxes.map(({ x }) => x + boxSize.width), boxSize.width) + margin,
    height: Math.max(...boxes.map(({ y }) => y + boxSize.height), boxSize.height) + margin,
    boxes,
    lines: lines.slice(0, mostLines),
    moreLines: Math.max(0, lines.length - mostLines),
  };
}

function areaOf({ location, fan_in: fanIn }: GraphService): string {
  return location ?? (fanIn > 0 ? called.key : callers.key);
}

/** Locations by name in rows, callers left of them, what is called outside on the right. */
function placed(byArea: ReadonlyMap<string, readonly GraphService[]>): Box[] {
  const locations = [...byArea.keys()]
    .filter((key) => key !== callers.key && key !== called.key)
    .sort(byName);
  const across = Math.max(1, Math.ceil(Math.sqrt(locations.length * screenRatio)));
  const rows = Math.max(1, Math.ceil(locations.length / across));
  const first = byArea.has(callers.key) ? 1 : 0;
  const at = (column: number, row: number) => ({
    x: margin + column * (boxSize.width + gap.x),
    y: margin + row * (boxSize.height + gap.y),
  });
  const middle = (rows - 1) / 2;
  const boxes = locations.map((key, index) =>
    boxOf(key, key, byArea, at(first + (index % across), Math.floor(index / across))),
  );
  if (first === 1) boxes.push(boxOf(callers.key, callers.title, byArea, at(0, middle)));
  const last = first + (locations.length === 0 ? 0 : Math.min(across, locations.length));
  if (byArea.has(called.key)) boxes.push(boxOf(called.key, called.title, byArea, at(last, middle)));
  return boxes;
}

function boxOf(
  key: string,
  title: string,
  byArea: ReadonlyMap<string, readonly GraphService[]>,
  at: { x: number; y: number },
): Box {
  const inside = byArea.get(key) ?? [];
  const troubled = inside
    .filter((one) => isTrouble(serviceTone(one)))
    .sort((a, b) => worse[serviceTone(b)] - worse[serviceTone(a)] || byName(a.service_name, b.service_name));
  const isOutside = key === callers.key || key === called.key;
  return {
    key,
    title,
    ...at,
    tone: worstOf(inside.map(serviceTone)),
    outside: isOutside,
    services: inside.length,
    troubled: troubled.map(({ service_name: name }) => name),
  };
}

function isTrouble(tone: Tone): boolean {
  return tone === 'warn' || tone === 'bad';
}

/** Green only where something is green, and nothing worse: a box of which nothing is known is not well. */
function worstOf(tones: readonly Tone[]): Tone {
  if (tones.includes('bad')) return 'bad';
  if (tones.includes('warn')) return 'warn';
  return tones.includes('ok') ? 'ok' : 'unknown';
}

function linesOf(
  dependencies: Iterable<GraphDependency>,
  services: ServiceGraph['services'],
  boxOf: ReadonlyMap<string, Box>,
): Line[] {
  const between = new Map<string, { from: Box; to: Box; tones: Tone[]; count: number }>();
  for (const one of dependencies) {
    if (one.activity === 'gone') continue;
    const [source, target] = [services.get(one.source_service), services.get(one.target_service)];
    const from = source && boxOf.get(areaOf(source));
    const to = target && boxOf.get(areaOf(target));
    if (from === undefined || to === undefined || from === to) continue;
    const key = JSON.stringify([from.key, to.key]);
    const line = between.get(key) ?? { from, to, tones: [], count: 0 };
    between.set(key, line);
    const path = pathTone(one);
    line.tones.push(dependencyTone(one), ...(path === undefined || path === 'unknown' ? [] : [path]));
    line.count += 1;
  }
  return [...between].map(([key, { from, to, tones, count }]) => ({
    key,
    ...ends(from, to),
    tone: worstOf(tones),
    dependencies: count,
  }));
}

/** From border to border, a little aside, so that there and back are two lines. */
function ends(from: Box, to: Box): Pick<Line, 'x1' | 'y1' | 'x2' | 'y2'> {
  const [a, b] = [centre(from), centre(to)];
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = Math.hypot(dx, dy) || 1;
  const aside = { x: (-dy / length) * 7, y: (dx / length) * 7 };
  const share = Math.min(
    Math.abs(dx) < 1 ? Infinity : boxSize.width / 2 / Math.abs(dx),
    Math.abs(dy) < 1 ? Infinity : boxSize.height / 2 / Math.abs(dy),
    0.49,
  );
  return {
    x1: a.x + dx * share + aside.x,
    y1: a.y + dy * share + aside.y,
    x2: b.x - dx * share + aside.x,
    y2: b.y - dy * share + aside.y,
  };
}

function centre({ x, y }: Box): { x: number; y: number } {
  return { x: x + boxSize.width / 2, y: y + boxSize.height / 2 };
}

/** What the map shows, as a sentence for those who do not see it. */
export function smallMapSentence({ boxes, lines, moreLines }: SmallMap): string {
  const troubled = lines.filter(({ tone }) => isTrouble(tone)).length;
  const services = boxes.reduce((sum, one) => sum + one.services, 0);
  const where = boxes.filter(({ outside }) => !outside).length;
  return `${services} services in ${where} locations, ${lines.length + moreLines} connections between them, ${troubled} in trouble`;
}

/** A name that fits into so many letters. */
export function shortened(name: string, letters: number): string {
  const all = [...name.slice(0, 4 * letters)];
  return all.length <= letters && name.length <= 4 * letters
    ? name
    : `${all.slice(0, letters - 1).join('')}…`;
}
