import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { graphChange } from '../../browser/scripted-graph.ts';
import { startScriptedRegistry, type ScriptedRegistry } from '../../browser/scripted-registry.ts';
import { fourLocations, scriptOf } from '../../browser/scripted-ring.ts';
import { bigGraph, dependencyAt, positionAt, serviceAt } from './big-graph.ts';
import { framesDuring, type Frames } from './frames.ts';

export const tellingMs = 100;
export const changesATelling = 25;
export const flashesATelling = 10;
export const added = 10;

export interface MapCost extends Frames {
  /** Dependencies drawn at first, and after ten services came with two each. */
  drawn: number;
  drawnAfter: number;
  /** From the telling of ten new services until they are drawn, milliseconds. */
  addedMs: number;
  /** Whether the picture moved for them: 1 when it did. */
  moved: number;
}

/** The map of so many services under 250 changes and 100 flashes a second, and then with ten more services. */
export async function mapCost(
  browser: Browser,
  dist: string,
  services: number,
  seconds: number,
): Promise<MapCost> {
  const registry = await startScriptedRegistry(dist, {
    ...scriptOf(fourLocations()),
    graph: bigGraph(services),
  });
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 }, colorScheme: 'dark' });
  try {
    await page.goto(`${registry.url}#page=map`);
    await drawn(page, 5 * services);
    await wait(1_000);
    const frames = await framesDuring(browser, page, () => keepChanging(registry, services, seconds));
    await wait(1_000);
    const before = await lookOf(page);
    const addedMs = await add(page, registry, services);
    const moved = (await lookOf(page)) === before ? 0 : 1;
    return { ...frames, drawn: 5 * services, drawnAfter: await drawnNow(page), addedMs, moved };
  } finally {
    await page.close();
    await registry.stop();
  }
}

async function keepChanging(registry: ScriptedRegistry, services: number, seconds: number): Promise<void> {
  const { graph } = registry.script;
  const startedMs = performance.now();
  for (let round = 1; performance.now() - startedMs < seconds * 1_000; round++) {
    const at = (index: number, every: number): number => (round * every + index * 97) % (5 * services);
    const changed = Array.from({ length: changesATelling }, (_, index) =>
      dependencyAt(at(index, changesATelling), services, round),
    );
    registry.send('graph', graphChange(graph, [], changed));
    registry.send('requests', {
      now_ms: Date.now(),
      seen: 40,
      items: Array.from({ length: flashesATelling }, (_, index) => flash(at(index, flashesATelling), index)),
    });
    await wait(startedMs + round * tellingMs - performance.now());
  }
}

function flash(dependency: number, index: number) {
  return {
    network: 'tcp',
    from: 'a',
    to: 'b',
    source_service: 'a',
    target_service: 'b',
    dependency: `d${dependency}`,
    status: index % 5 === 0 ? 503 : 200,
    at_ms: Date.now(),
    ingress: index % 3 === 0,
  };
}

async function add(page: Page, registry: ScriptedRegistry, services: number): Promise<number> {
  const all = Array.from({ length: added }, (_, at) => services + at);
  const dependencies = all.flatMap((at) => [0, 1].map((which) => dependencyAt(at, services + added, which)));
  const fresh = dependencies.map((one, at) => ({ ...one, id: `new${at}` }));
  const change = graphChange(registry.script.graph, all.map(serviceAt), fresh);
  const startedMs = performance.now();
  registry.send('graph', {
    ...change,
    positions: Object.fromEntries(all.map((at) => [serviceAt(at).service_id, positionAt(at)])),
  });
  await drawn(page, 5 * services + fresh.length);
  return performance.now() - startedMs;
}

async function drawn(page: Page, dependencies: number): Promise<void> {
  await page.locator(`canvas[data-drawn="${dependencies}"]`).waitFor({ timeout: 120_000 });
}

async function drawnNow(page: Page): Promise<number> {
  return Number(await page.locator('canvas[data-drawn]').getAttribute('data-drawn'));
}

/** How the map is looked at: it changes when the world does. */
async function lookOf(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const { scale, offset } = document.querySelector('.frame').dataset;
    return scale + ' ' + offset;
  })()`);
}
