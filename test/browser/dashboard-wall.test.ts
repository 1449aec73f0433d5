import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { seriousFindings } from './axe.ts';
import { hostileGraph } from './hostile-graph.ts';
import { hostileNames, hostileRing } from './hostile-ring.ts';
import { shopGraph } from './scripted-graph.ts';
import { slowHop } from './scripted-incidents.ts';
import { fourLocations } from './scripted-ring.ts';
import { slowHopRing } from './slow-hop-ring.ts';
import { phone, setStage, skipReason, wall, type Scene } from './stage.ts';

const noScroll =
  'document.documentElement.scrollWidth <= Math.min(innerWidth, screen.width) && document.documentElement.scrollHeight <= innerHeight';

describe.skipIf(skipReason !== '')(`the wall ${skipReason}`, () => {
  const stage = setStage();

  test('no chrome, large letters, all three scenes; trouble, and a stream that breaks, take it over', async () => {
    const { page, registry } = await stage.show(slowHopRing(), { graph: shopGraph() });
    await page.goto(`${registry.url}?wall`);
    await scene(page, 'incident');
    expect(await page.getByRole('banner').count()).toBe(0);
    await expect.poll(() => page.evaluate(noScroll)).toBe(true);
    expect(await sizeOf(page, 'h1')).toBeGreaterThanOrEqual(64);
    expect(await sizeOf(page, '.wall')).toBeGreaterThanOrEqual(32);
    expect(await page.evaluate(`getComputedStyle(document.querySelector('.wall')).cursor`)).toBe('none');
    await page.getByText('64 of 64 paths measured').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page
      .getByText(/web.*search.*fails: 90 of 600 requests/)
      .first()
      .waitFor();
    await page.keyboard.press('ArrowRight');
    await scene(page, 'map');
    await page.getByRole('img', { name: /services in 3 locations, .* 2 in trouble/ }).waitFor();
    await page.getByText(/services as of/).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('ArrowRight');
    await scene(page, 'matrix');
    await page.getByText('163ms').waitFor();
    expect(await seriousFindings(page)).toEqual([]);

    registry.script.serving = false;
    registry.breakStreams();
    await scene(page, 'incident');
    await page.getByRole('alert').getByText('The picture stands still').waitFor();
    await page.getByRole('heading', { level: 1, name: /No word from the registry since/ }).waitFor();
    await page.keyboard.press('ArrowRight');
    await scene(page, 'incident');
    registry.script.serving = true;
    await page.getByRole('alert').waitFor({ state: 'detached' });

    await page.mouse.move(300, 300);
    await page.getByRole('button', { name: 'Leave the wall' }).click();
    await page.getByRole('banner').waitFor();
    await expect.poll(() => page.url()).not.toContain('wall');
  });

  test('it says what it cannot do for the screen, pauses by key, and is left by Escape; light as well', async () => {
    const { page, registry } = await stage.show(fourLocations());
    await page.addInitScript(`localStorage.setItem('netring-theme', 'light')`);
    await page.goto(`${registry.url}?wall#page=alerts`);
    await scene(page, 'incident');
    await page.getByRole('heading', { level: 1, name: /are up/ }).waitFor();
    await expect.poll(() => page.locator('.wall').getAttribute('data-awake')).toMatch(/held|none/);
    await page.keyboard.press('p');
    await page.getByText('paused').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Go on' }).press('Enter');
    await page.getByText('paused').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { level: 2, name: 'Alerts' }).waitFor();
  });

  test.for([
    ['wall', wall],
    ['phone', phone],
  ] as const)('hostile names stay text and inside, on a %s', async ([, options]) => {
    const picture = hostileRing();
    const incidents = hostileNames.map((name, at) =>
      slowHop({
        id: `i${at}`,
        summary: name,
        crossing: { dependencies: 3, services: [...hostileNames], more_services: 2, now: true },
      }),
    );
    const { page, registry } = await stage.show(
      { ...picture, incidents },
      { ...options, graph: hostileGraph() },
    );
    await page.getByRole('region', { name: /Open incidents/ }).waitFor();
    await onlyText(page);
    await page.goto(`${registry.url}?wall`);
    for (const name of ['incident', 'map', 'matrix']) {
      if (name !== 'incident') await page.keyboard.press('ArrowRight');
      else await page.getByText(/more$/).waitFor();
      await scene(page, name);
      await onlyText(page);
      expect(await page.evaluate(noScroll)).toBe(true);
    }
  });
});

async function scene(page: Page, name: string): Promise<void> {
  await page.locator(`[data-scene=${name}]`).waitFor();
}

async function sizeOf(page: Page, what: string): Promise<number> {
  return page.evaluate<number>(`parseFloat(getComputedStyle(document.querySelector('${what}')).fontSize)`);
}

async function onlyText(page: Scene['page']): Promise<void> {
  expect(await page.locator('main img, main script, main b.evil').count()).toBe(0);
  expect(
    await page.evaluate('document.documentElement.scrollWidth <= Math.min(innerWidth, screen.width)'),
  ).toBe(true);
}
