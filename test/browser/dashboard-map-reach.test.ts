import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { seriousFindings } from './axe.ts';
import { hostileGraph } from './hostile-graph.ts';
import { drawn, plain } from './map-of.ts';
import { shopGraph } from './scripted-graph.ts';
import { fourLocations } from './scripted-ring.ts';
import { phone, setStage, skipReason } from './stage.ts';

const noSidewaysScroll = 'document.documentElement.scrollWidth <= Math.min(innerWidth, screen.width)';
const map = { hash: '#page=map', graph: shopGraph() };

describe.skipIf(skipReason !== '')(`reaching everything on the map ${skipReason}`, () => {
  const stage = setStage();

  test('by keyboard alone: tools, map, lists, panel, and back', async () => {
    const { page } = await stage.show(fourLocations(), { graph: shopGraph() });
    await page.getByRole('grid').waitFor();
    await tabTo(page, 'Services');
    await page.keyboard.press('Enter');
    await drawn(page, 10);
    await tabTo(page, 'Find a service');
    await page.keyboard.type('orders');
    await drawn(page, 4);
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await drawn(page, 10);
    for (const [name, count] of [
      ['Problems only', 4],
      ['Errors only', 1],
    ] as const) {
      await tabTo(page, name);
      await page.keyboard.press('Space');
      await drawn(page, count);
    }
    await page.keyboard.press('Space');
    await drawn(page, 10);
    await tabTo(page, 'Map: arrow keys');
    await moves(page, '+', 'data-scale');
    await moves(page, 'ArrowLeft', 'data-offset');
    await moves(page, '0', 'data-scale');
    await tabTo(page, 'Closer');
    await moves(page, 'Enter', 'data-scale');
    await tabTo(page, 'Fit');
    await moves(page, 'Enter', 'data-scale');
    await page.keyboard.press('Tab');
    // The worst comes first.
    await expect.poll(() => focused(page)).toMatch(/^web \(us1\) calls search \(ap1\).*failing/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: /web.*→.*search/ }).waitFor();
    await expect.poll(() => focused(page)).toMatch(/^web \(us1\) → search \(ap1\)$/);
    await tabTo(page, 'search (ap1)');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: /^\W*search/ }).waitFor();
    await tabTo(page, 'Focus on it');
    await page.keyboard.press('Enter');
    await drawn(page, 2);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
  });

  test.for([
    ['the map', '#page=map'],
    ['the table', '#page=map&as=table'],
    ['a dependency', '#page=map&dependency=us1%2Forders%3Eeu1%2Fpayments'],
    ['a service', '#page=map&service=10.9.0.3%3A5432&around=us1%2Forders'],
  ] as const)('nothing serious on %s, dark, light and on a phone', async ([, hash]) => {
    const { page } = await stage.show(fourLocations(), { ...map, hash });
    await page.locator('canvas[data-drawn], table').first().waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.evaluate(`document.documentElement.dataset.theme = 'light'`);
    expect(await seriousFindings(page)).toEqual([]);
    const small = await stage.show(fourLocations(), { ...map, ...phone, hash });
    await small.page.locator('canvas[data-drawn], table').first().waitFor();
    expect(await seriousFindings(small.page)).toEqual([]);
    expect(await small.page.evaluate(noSidewaysScroll)).toBe(true);
  });

  test('on a phone names can be read, tools wrap, and the table folds', async () => {
    const { page } = await stage.show(fourLocations(), { ...map, ...phone });
    await drawn(page, 10);
    const scale = Number(await page.locator('.frame').getAttribute('data-scale'));
    expect(13 * scale).toBeGreaterThan(10);
    const fits = (part: string) =>
      page.evaluate<boolean>(
        `(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector('${part}'))`,
      );
    expect(await fits('.tools')).toBe(true);
    await page.getByRole('button', { name: 'More' }).tap();
    await page.getByRole('button', { name: 'Errors only' }).tap();
    await drawn(page, 1);
    expect(await fits('.tools')).toBe(true);
    await page.getByRole('button', { name: 'Errors only' }).tap();
    await page.getByRole('button', { name: 'Table' }).tap();
    const table = page.getByRole('region', { name: 'Dependencies' });
    await table.getByText(/80 × 5xx/).waitFor();
    expect(await fits('[role=region][aria-label=Dependencies]')).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
  });

  test.for([
    ['wall', {}],
    ['phone', phone],
  ] as const)('hostile names are text, and the layout holds on a %s', async ([, options]) => {
    const graph = hostileGraph();
    const { page } = await stage.show(fourLocations(), { ...map, ...options, graph });
    await drawn(page, graph.dependencies.length);
    expect(await page.evaluate(noSidewaysScroll)).toBe(true);
    for (const part of ['#page=map&as=table', '#page=map&dependency=d0', '#page=map&dependency=d3']) {
      await page.evaluate(`location.hash = ${JSON.stringify(part)}`);
      await page.locator(part.includes('table') ? 'table' : 'dialog').waitFor();
      await holds(page);
    }
    for (const name of Object.keys(graph.services)) {
      await page.evaluate(
        `location.hash = '#page=map&service=' + encodeURIComponent(${JSON.stringify(name)})`,
      );
      await page.getByRole('dialog').getByText('Where it runs').waitFor();
      await holds(page);
    }
    expect(await seriousFindings(page)).toEqual([]);
  });
});

async function holds(page: Page): Promise<void> {
  expect(await page.locator('main img, main script, main b.evil, dialog img, dialog script').count()).toBe(0);
  await expect.poll(() => page.evaluate(noSidewaysScroll)).toBe(true);
  const panel = await page.evaluate(`(() => {
    const one = document.querySelector('dialog .scroll');
    return one === null || one.scrollWidth <= one.clientWidth;
  })()`);
  expect(panel).toBe(true);
}

/** Presses Tab until something whose words begin so has the focus. */
async function tabTo(page: Page, words: string): Promise<void> {
  for (let step = 0; step < 80; step++) {
    if ((await focused(page)).startsWith(words)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`No key leads to ${words}; at ${await focused(page)}`);
}

/** That a key changes how the map is looked at. */
async function moves(page: Page, key: string, attribute: string): Promise<void> {
  const look = (): Promise<string | null> => page.locator('.frame').getAttribute(attribute);
  const before = await look();
  await page.keyboard.press(key);
  await expect.poll(look).not.toBe(before);
}

async function focused(page: Page): Promise<string> {
  const said = await page.evaluate(`(() => {
    const at = document.activeElement;
    return at?.getAttribute('aria-label') ?? at?.closest('label')?.textContent ?? at?.textContent ?? '';
  })()`);
  return plain(String(said));
}
