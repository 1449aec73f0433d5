import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CDPSession, Page } from 'playwright-core';
import type { Alert } from '@netring/contract/alert';
import { describe, expect, test } from 'vitest';
import { freshAttempts } from '../lab/accuracy.ts';
import { seriousFindings } from './axe.ts';
import { bigGraph } from './big-graph.ts';
import { bigRing } from './big-ring.ts';
import { builtDashboard } from './dashboard-build.ts';
import { alertsOf, slowHop } from './scripted-incidents.ts';
import { fourLocations, path } from './scripted-ring.ts';
import { setStage, skipReason } from './stage.ts';

/** Of the processor, so that a busy machine does not matter; what is measured is printed, and is well below. */
const firstViewMs = 4_000;
const updateMs = 60;
/** The matrix of 100 locations is ten thousand of them; the rest is folded. */
const mostElements = 16_000;

test('the first view is small, and nothing in it is inline', async () => {
  const dist = await builtDashboard();
  const html = await readFile(join(dist, 'index.html'), 'utf8');
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)|https?:/);
  const assets = join(dist, 'assets');
  const first = new Set([...html.matchAll(/assets\/([^"]+)/g)].map(([, name]) => name));
  const bytes = { first: 0, later: 0 };
  for (const name of await readdir(assets)) {
    const text = await readFile(join(assets, name), 'utf8');
    bytes[first.has(name) ? 'first' : 'later'] += gzipSync(text).length;
    // Charts are fetched when a path is looked at, and nobody needs the contract's schemas to look.
    if (first.has(name)) expect(text).not.toContain('uplot');
    expect(text).not.toContain('ZodError');
  }
  const kB = (size: number): string => (size / 1024).toFixed(1);
  console.info(`first view: ${kB(bytes.first)} kB gzip of script and style; ${kB(bytes.later)} kB later`);
  expect(bytes.first).toBeLessThan(80 * 1024);
  // Each page alone is a part of it: map, charts, wall, exports.
  expect(bytes.later).toBeLessThan(150 * 1024);
});

describe.skipIf(skipReason !== '')(`bounds ${skipReason}`, () => {
  const stage = setStage();

  test('a small ring paints at once', freshAttempts, async () => {
    const { page } = await stage.show(fourLocations());
    const { workMs } = await shownAgain(page);
    console.info(
      `first contentful paint: ${(await firstPaint(page)).toFixed(0)} ms, ${workMs.toFixed(0)} ms of work`,
    );
    expect(workMs).toBeLessThan(firstViewMs);
  });

  test('100 x 100 locations with 1,000 members stay usable', freshAttempts, async () => {
    const picture = bigRing(100);
    const { page, registry } = await stage.show(picture);
    const { session, workMs } = await shownAgain(page);
    const shown = await page.evaluate<number>('performance.now()');
    expect(await page.getByRole('gridcell').count()).toBe(10_000);
    const rounds = 20;
    const before = await busyMs(session);
    for (let round = 0; round < rounds; round++) {
      registry.send('paths', {
        now_ms: Date.now(),
        location_paths: Array.from({ length: 100 }, (_, index) =>
          path(`site${(index % 5) + 1}`, `site${index + 1}`, 20 + round),
        ).filter(({ source, target }) => source !== target),
        removed: [],
        coverage: picture.coverage,
      });
      await page.waitForTimeout(60);
    }
    const perUpdate = ((await busyMs(session)) - before) / rounds;
    console.info(
      `100 x 100: grid after ${shown.toFixed(0)} ms, ${workMs.toFixed(0)} ms of work, and ${perUpdate.toFixed(1)} ms of it an update`,
    );
    expect(workMs).toBeLessThan(firstViewMs);
    expect(perUpdate).toBeLessThan(updateMs);
    await page.getByRole('gridcell').first().focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: /site100.*→.*site99/ }).waitFor();
    expect(
      await page.evaluate('document.documentElement.scrollWidth <= Math.min(innerWidth, screen.width)'),
    ).toBe(true);
  });

  test('a thousand members, ten thousand dependencies, a thousand alerts: usable, and what is folded is counted', async () => {
    const picture = bigRing(100);
    const incidents = Array.from({ length: 300 }, (_, at) =>
      slowHop({ id: `i${at}`, summary: `incident ${at} of many` }),
    );
    const { page, registry } = await stage.show({ ...picture, incidents }, { graph: bigGraph(1_000) });
    const alerts = Array.from({ length: 1_000 }, (_, at) => manyAlerts(at));
    registry.script.alerts = () => ({ ...alertsOf(incidents), alerts });
    registry.send('alerts', { ...alertsOf(incidents), now_ms: Date.now() + 1, alerts });
    await page
      .getByRole('region', { name: /Open incidents 300/ })
      .getByRole('button', { name: '294 more' })
      .waitFor();
    await page.getByText('10 more online, nothing to report').first().waitFor();
    await page.getByText(/10000 dependencies of services, 100 slow or failing/).waitFor();
    expect(await page.locator('[data-member]').count()).toBeLessThan(100);
    expect(await elements(page)).toBeLessThan(mostElements);
    await page.keyboard.press('Control+k');
    await page.getByText('+995 more: type on').first().waitFor();
    await page.getByRole('combobox', { name: 'What to find' }).fill('site7-m3');
    await page.getByRole('option', { name: 'site7-m3', selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Member site7-m3' }).waitFor();
    await page.evaluate(`location.hash = '#page=alerts'`);
    await page.getByRole('heading', { level: 2, name: 'Alerts' }).waitFor();
    await page.getByRole('heading', { name: /firing\W*1000/i }).waitFor();
    expect(await elements(page)).toBeLessThan(mostElements);
  });

  test('a score of locations is readable', async () => {
    const { page } = await stage.show(bigRing(18));
    await page.getByRole('grid').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });
});

/** Loads the page again until its matrix is there: the work that took its main thread, in milliseconds of the processor. */
async function shownAgain(page: Page): Promise<{ session: CDPSession; workMs: number }> {
  await page.getByRole('grid').waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await busyMs(session);
  await page.reload();
  await page.getByRole('grid').waitFor();
  return { session, workMs: (await busyMs(session)) - before };
}

async function firstPaint(page: Page): Promise<number> {
  return page.evaluate<number>(
    `performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity`,
  );
}

function manyAlerts(at: number): Alert {
  return {
    id: `a${at}`,
    rule: 'loss',
    severity: 'warning',
    state: 'firing',
    subject: { source_location: `site${1 + (at % 100)}`, target_location: 'site42' },
    summary: `alert ${at} of many`,
    pending_since_ms: Date.now() - 90_000,
    firing_since_ms: Date.now() - 60_000,
    silenced_by: [],
  };
}

async function elements(page: Page): Promise<number> {
  return page.evaluate<number>(`document.querySelectorAll('*').length`);
}

/** How long the page's main thread has been busy so far, in milliseconds of the processor. */
async function busyMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
}
