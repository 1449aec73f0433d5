import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { added, changesATelling, flashesATelling, tellingMs, type MapCost } from './map.ts';
import { bigGraph, dependencyAt, positionAt, serviceAt } from './big-graph.ts';
import { framesDuring } from './frames.ts';

const tones = { healthy: '#3fb27f', slow: '#e9b44c', failing: '#ff6b70', unknown: '#8b97a7' };
const areasAcross = 3;

interface Element {
  group: 'nodes' | 'edges';
  data: Record<string, string | number>;
  position?: { x: number; y: number };
}

/**
 * The same graph in cytoscape, where the map has it, in the browser's canvas and with all that its manual recommends for many
 * elements: straight haystack edges without heads, no letters that are too small to be read, edges and textures spared while
 * the view moves, changes in batches. As many changes, and a class on the edge for each request that flashes.
 */
export async function cytoscapeCost(browser: Browser, services: number, seconds: number): Promise<MapCost> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 }, colorScheme: 'dark' });
  try {
    await page.setContent('<div id="map" style="position:absolute;inset:0"></div>');
    await page.addScriptTag({
      path: createRequire(import.meta.url).resolve('cytoscape/dist/cytoscape.min.js'),
    });
    await page.evaluate(`(${show})(${JSON.stringify({ elements: elementsOf(services), tones })})`);
    await wait(1_000);
    let perSecond = 0;
    const frames = await framesDuring(browser, page, async () => {
      perSecond = await drawnPerSecond(page, () => keepChanging(page, services, seconds));
    });
    await wait(1_000);
    const before = await lookOf(page);
    const addedMs = await page.evaluate<number>(`(${add})(${JSON.stringify(freshOf(services))})`);
    const moved = (await lookOf(page)) === before ? 0 : 1;
    const drawnAfter = await page.evaluate<number>('cy.edges().length');
    return { ...frames, perSecond, drawn: 5 * services, drawnAfter, addedMs, moved };
  } finally {
    await page.close();
  }
}

/** It asks for frames all the time, and draws in some: those in which it drew. */
async function drawnPerSecond(page: Page, during: () => Promise<void>): Promise<number> {
  const drawn = (): Promise<number> => page.evaluate<number>('renders');
  const [before, startedMs] = [await drawn(), performance.now()];
  await during();
  return (1_000 * ((await drawn()) - before)) / (performance.now() - startedMs);
}

function elementsOf(services: number): Element[] {
  const { dependencies } = bigGraph(services);
  return [
    ...Array.from({ length: services }, (_, at) => nodeAt(at)),
    ...dependencies.map(({ id }, at) => edgeAt(at, id, services)),
  ];
}

function nodeAt(at: number): Element {
  const { x, y } = positionAt(at);
  const area = at % 10;
  const position = {
    x: (area % areasAcross) * 1_900 + x * 190,
    y: Math.floor(area / areasAcross) * 860 + y * 62,
  };
  const { service_id: id, service_name: name } = serviceAt(at);
  return { group: 'nodes', data: { id, name }, position };
}

function edgeAt(at: number, id: string, services: number): Element {
  const { source_service: source, target_service: target } = dependencyAt(at, services, 0);
  return { group: 'edges', data: { id, source, target, health: 'healthy', width: 1.2 } };
}

function freshOf(services: number): Element[] {
  const all = Array.from({ length: added }, (_, at) => services + at);
  const edges = all.flatMap((at) =>
    [0, 1].map((which) => edgeAt(at, `new${2 * (at - services) + which}`, services + added)),
  );
  return [...all.map(nodeAt), ...edges];
}

async function keepChanging(page: Page, services: number, seconds: number): Promise<void> {
  const startedMs = performance.now();
  for (let round = 1; performance.now() - startedMs < seconds * 1_000; round++) {
    const at = (index: number, every: number): number => (round * every + index * 97) % (5 * services);
    const changed = Array.from({ length: changesATelling }, (_, index) => {
      const one = dependencyAt(at(index, changesATelling), services, round);
      return { id: one.id, health: one.health, width: 1.2 + Math.log10(1 + one.requests_per_second * 10) };
    });
    const flashing = Array.from({ length: flashesATelling }, (_, index) => `d${at(index, flashesATelling)}`);
    await page.evaluate(`(${change})(${JSON.stringify({ changed, flashing })})`);
    await wait(startedMs + round * tellingMs - performance.now());
  }
}

/** How the graph is looked at, and where its first node stands. */
async function lookOf(page: Page): Promise<string> {
  return page.evaluate<string>('JSON.stringify([cy.zoom(), cy.pan(), cy.nodes()[0].position()])');
}

/* What follows runs in the page, as text: it knows nothing of this file. */

const show = `({ elements, tones }) => {
  window.cy = cytoscape({
    container: document.getElementById('map'),
    elements,
    layout: { name: 'preset' },
    pixelRatio: 1,
    hideEdgesOnViewport: true,
    textureOnViewport: true,
    motionBlur: false,
    style: [
      { selector: 'node', style: { shape: 'rectangle', width: 156, height: 40, label: 'data(name)', color: '#dde3ea',
        'background-color': '#1b232d', 'text-valign': 'center', 'font-size': 13, 'min-zoomed-font-size': 8 } },
      { selector: 'edge', style: { 'curve-style': 'haystack', 'haystack-radius': 0, width: 'data(width)' } },
      ...Object.entries(tones).map(([health, colour]) => ({ selector: 'edge[health="' + health + '"]',
        style: { 'line-color': colour } })),
      { selector: '.flash', style: { width: 6 } },
    ],
  });
  window.renders = 0;
  cy.on('render', () => window.renders++);
}`;

const change = `({ changed, flashing }) => cy.batch(() => {
  for (const { id, ...data } of changed) cy.getElementById(id).data(data);
  for (const id of flashing) cy.getElementById(id).flashClass('flash', 900);
})`;

const add = `(fresh) => new Promise((done) => {
  const startedMs = performance.now();
  cy.one('render', () => requestAnimationFrame(() => done(performance.now() - startedMs)));
  cy.add(fresh);
})`;
