import { escapeHtml } from '@netring/topology';
import type { Colours } from '../map/colours.ts';
import { placeLabels } from '../map/labels.ts';
import type { Area, Edge, HostBox, Node, Scene } from '../map/scene.ts';
import { figuresOf } from '../map/words.ts';

const margin = 24;
const captionHeight = 34;
/** Of a letter at a font size of one: nothing measures text here. */
const letterWidth = 0.56;
/** More figures than these would cover each other. */
const mostFigures = 120;

const dashes = { full: '', dashed: ' stroke-dasharray="6 5"', ghost: ' stroke-dasharray="2 5" opacity=".4"' };

/** How many pieces {@link svgOf} gives. */
export function svgPieces({ areas, hosts, nodes, edges }: Scene): number {
  return areas.length + hosts.length + nodes.length + edges.length + 2;
}

/** The map as a drawing of its own, in pieces: the same layout, every text escaped, nothing from elsewhere. */
export function* svgOf(scene: Scene, caption: string, colours: Colours): Generator<string> {
  const [width, height] = [scene.width + 2 * margin, scene.height + 2 * margin + captionHeight];
  yield [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-margin} ${-margin - captionHeight} ${num(width)} ${num(height)}"`,
    ` width="${num(width)}" height="${num(height)}" font-family="${xml(colours.sans)}">\n`,
    `<title>${xml(caption)}</title>\n`,
    `<rect x="${-margin}" y="${-margin - captionHeight}" width="100%" height="100%" fill="${xml(colours.ground)}"/>\n`,
    text(0, -captionHeight + 6, 15, 600, colours.text, fitted(caption, scene.width, 15)),
  ].join('');
  for (const one of scene.areas) yield areaOf(one, colours);
  for (const one of scene.hosts) yield hostOf(one, colours);
  for (const one of scene.edges) yield edgeOf(one, colours);
  for (const one of scene.nodes) yield nodeOf(one, colours);
  yield* wordsOf(scene, colours);
  yield '</svg>\n';
}

function areaOf({ x, y, width, height, title, outside }: Area, colours: Colours): string {
  const line = outside ? ' stroke-dasharray="6 6" opacity=".6"' : '';
  return (
    `<rect x="${num(x)}" y="${num(y)}" width="${num(width)}" height="${num(height)}" rx="12" ` +
    `fill="${xml(colours.surface)}" stroke="${xml(colours.line)}"${line}/>\n` +
    text(x + 18, y + 27, 15, 600, outside ? colours.softText : colours.text, fitted(title, width - 32, 15))
  );
}

function hostOf({ x, y, width, height, title, detail }: HostBox, colours: Colours): string {
  return (
    `<rect x="${num(x)}" y="${num(y)}" width="${num(width)}" height="${num(height)}" rx="8" ` +
    `fill="none" stroke="${xml(colours.strongLine)}"/>\n` +
    text(x + 10, y + 17, 12, 600, colours.softText, fitted(`${title} ${detail}`, width - 20, 12))
  );
}

function nodeOf(one: Node, colours: Colours): string {
  const { x, y, width, height } = one;
  const opacity = one.faded ? ' opacity=".45"' : '';
  const dash = one.outside ? ' stroke-dasharray="4 4"' : '';
  return (
    `<g${opacity}><title>${xml(one.name)}</title>` +
    `<rect x="${num(x)}" y="${num(y)}" width="${num(width)}" height="${num(height)}" rx="8" ` +
    `fill="${xml(colours.raised)}" stroke="${xml(colours.strongLine)}"${dash}/>\n` +
    shapeOf(one, colours) +
    text(x + 29, y + 17, 13, 600, colours.text, fitted(one.name, width - 38, 13)) +
    text(x + 29, y + 32, 11, 400, colours.softText, fitted(one.detail, width - 38, 11)) +
    '</g>\n'
  );
}

/** One shape per tone, as on the screen: disc, triangle, cross, ring. */
function shapeOf(node: Node, { tones }: Colours): string {
  const [x, y, r] = [node.x + 15, node.y + node.height / 2, 5.5];
  const colour = xml(tones[node.tone]);
  switch (node.tone) {
    case 'ok':
      return `<circle cx="${num(x)}" cy="${num(y)}" r="${r}" fill="${colour}"/>\n`;
    case 'warn':
      return `<path d="M${num(x)} ${num(y - r)}l6 ${num(r * 1.9)}h-12z" fill="${colour}"/>\n`;
    case 'bad':
      return (
        `<path d="M${num(x - r)} ${num(y - r)}l11 11m0-11l-11 11" fill="none" ` +
        `stroke="${colour}" stroke-width="2.4"/>\n`
      );
    case 'unknown':
      return `<circle cx="${num(x)}" cy="${num(y)}" r="${r - 1}" fill="none" stroke="${colour}" stroke-width="2.4"/>\n`;
  }
}

function edgeOf({ curve, tone, path, line, width }: Edge, { tones }: Colours): string {
  const [a, b, c, d] = curve;
  const way = `M${at(a)}C${at(b)} ${at(c)} ${at(d)}`;
  const under =
    path === undefined
      ? ''
      : `<path d="${way}" fill="none" stroke="${xml(tones[path])}" stroke-width="9" stroke-linecap="round" ` +
        `opacity="${path === 'bad' || path === 'warn' ? '.42' : '.16'}"/>\n`;
  const size = (5 + width) * (c.x > d.x ? 1 : -1);
  const head = `M${at(d)}l${num(size * 1.4)} ${num(-size * 0.6)}v${num(size * 1.2)}z`;
  const colour = xml(tones[tone]);
  return (
    `${under}<path d="${way}" fill="none" stroke="${colour}" stroke-width="${num(width)}"${dashes[line]}/>\n` +
    `<path d="${head}" fill="${colour}"/>\n`
  );
}

/** What is blamed, and rate, latency and errors: beside their dependency, none over another, none over a card. */
function* wordsOf({ edges, nodes }: Scene, { tones, ground, text: ink }: Colours): Generator<string> {
  const hasFigures = edges.length <= mostFigures;
  const words = edges.flatMap((edge) => {
    if (edge.line === 'ghost') return [];
    const figures = hasFigures && edge.isMarked !== true ? figuresOf(edge.dependencies) : '';
    return edge.blame === undefined && figures === '' ? [] : [{ edge, blame: edge.blame ?? '', figures }];
  });
  words.sort((a, b) => Number(b.blame !== '') - Number(a.blame !== ''));
  const widthOf = (one: string, size: number): number =>
    one === '' ? 0 : one.length * size * letterWidth + 12;
  const boxes = placeLabels(
    words.map(({ edge, blame, figures }) => ({
      curve: edge.curve,
      width: Math.max(widthOf(blame, 12), widthOf(figures, 11)),
      height: (blame === '' ? 0 : 20) + (figures === '' ? 0 : 16),
      must: blame !== '',
    })),
    nodes,
  );
  for (const [at, { edge, blame, figures }] of words.entries()) {
    const box = boxes[at];
    if (box === undefined) continue;
    const middle = box.x + box.width / 2;
    const colour = tones[edge.tone === 'ok' && edge.isMarked !== true ? 'warn' : edge.tone];
    if (blame !== '') yield pill(middle, box.y, widthOf(blame, 12), 20, colour, ground, blame);
    const top = box.y + (blame === '' ? 0 : 20);
    if (figures !== '') yield pill(middle, top, widthOf(figures, 11), 16, ground, ink, figures);
  }
}

function pill(
  middle: number,
  top: number,
  width: number,
  height: number,
  colour: string,
  ink: string,
  words: string,
): string {
  const isBold = height > 16;
  return (
    `<rect x="${num(middle - width / 2)}" y="${num(top)}" width="${num(width)}" height="${height}" ` +
    `rx="${height / 2}" fill="${xml(colour)}" opacity="${isBold ? 1 : 0.85}"/>\n` +
    text(middle, top + height - 5, isBold ? 12 : 11, isBold ? 600 : 400, ink, words, 'middle')
  );
}

function text(
  x: number,
  y: number,
  size: number,
  weight: number,
  colour: string,
  words: string,
  anchor = 'start',
): string {
  return (
    `<text x="${num(x)}" y="${num(y)}" font-size="${size}" font-weight="${weight}" fill="${xml(colour)}" ` +
    `text-anchor="${anchor}">${xml(words)}</text>\n`
  );
}

/** As much of a text as about fits. */
function fitted(words: string, width: number, size: number): string {
  const letters = [...words.slice(0, 400)];
  const most = Math.max(1, Math.floor(width / (size * letterWidth)));
  return letters.length <= most ? letters.join('') : `${letters.slice(0, most - 1).join('')}…`;
}

/** For text and attributes of XML, which knows fewer characters than HTML. */
function xml(words: string): string {
  return escapeHtml(words.slice(0, 2_000)).replace(/[\ufffe\uffff]/g, '\ufffd');
}

function num(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function at({ x, y }: { x: number; y: number }): string {
  return `${num(x)} ${num(y)}`;
}
