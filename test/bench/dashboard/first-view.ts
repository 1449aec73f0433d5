import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { startScriptedRegistry } from '../../browser/scripted-registry.ts';
import { fourLocations, scriptOf } from '../../browser/scripted-ring.ts';

/** Scripts that the first view needs, gzipped, in kB. */
export async function firstViewKilobytes(dist: string): Promise<number> {
  const html = await readFile(join(dist, 'index.html'), 'utf8');
  const names = new Set([...html.matchAll(/assets\/([^"]+\.js)"/g)].map(([, name]) => name as string));
  const sizes = await Promise.all(
    [...names].map(async (name) => gzipSync(await readFile(join(dist, 'assets', name))).length),
  );
  return sizes.reduce((sum, one) => sum + one, 0) / 1_000;
}

/** From a page's start until what people look at first is drawn, sentence and matrix of a small ring, milliseconds. */
export async function firstViewMs(browser: Browser, dist: string): Promise<number> {
  const registry = await startScriptedRegistry(dist, scriptOf(fourLocations()));
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  try {
    await noteWhenDrawn(page, '[role=grid] td', 24);
    await page.goto(registry.url);
    return await whenDrawnMs(page);
  } finally {
    await page.close();
    await registry.stop();
  }
}

/** Has the page note when the frame is drawn in which so many of `selector` are there first. */
export async function noteWhenDrawn(page: Page, selector: string, count: number): Promise<void> {
  await page.addInitScript(`globalThis.drawn = new Promise((drawn) => (function look() {
    if (document.querySelectorAll(${JSON.stringify(selector)}).length < ${count}) return requestAnimationFrame(look);
    // A message from within a frame arrives after it was drawn.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => drawn(performance.now());
    port2.postMessage(0);
  })())`);
}

/** When that was, in milliseconds from the page's start. */
export async function whenDrawnMs(page: Page): Promise<number> {
  return page.evaluate<number>('drawn');
}
