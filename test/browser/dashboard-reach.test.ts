import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { OverviewAnswer } from '@netring/contract/overview';
import { seriousFindings } from './axe.ts';
import { hostileRing } from './hostile-ring.ts';
import { fourLocations, path } from './scripted-ring.ts';
import { phone, setStage, skipReason } from './stage.ts';

const noSidewaysScroll = 'document.documentElement.scrollWidth <= Math.min(innerWidth, screen.width)';

describe.skipIf(skipReason !== '')(`reaching everything ${skipReason}`, () => {
  const stage = setStage();

  test('the whole way by keyboard: skip link, views, grid, pair, and back', async () => {
    const { page } = await stage.show(fourLocations());
    await page.getByRole('grid').waitFor();
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toBe('Skip to the dashboard');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toBe('All');
    await page
      .getByRole('tooltip')
      .getByText(/over all kinds of probe/)
      .waitFor();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focused(page)).toBe('TCP');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toBe('Filter');
    await page.keyboard.press('Tab');
    await expect.poll(() => focused(page)).toMatch(/^ap1 to ap1: no path/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => focused(page)).toMatch(/^us1 to eu1: up/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: /us1.*→.*eu1/ }).waitFor();
    await expect.poll(() => focused(page)).toMatch(/^us1\s*→\s*eu1$/);
    await page.getByText('us1-edge-a').last().waitFor();
    await expect.poll(() => page.url()).toContain('source=us1&target=eu1');
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => focused(page)).toMatch(/^us1 to eu1: up/);
    await expect.poll(() => page.url()).not.toContain('source');
    // Past what else stands under the matrix.
    const passed: string[] = [];
    while (passed.at(-1) !== 'Offline' && passed.length < 12) {
      await page.keyboard.press('Tab');
      passed.push(await focused(page));
    }
    expect(passed).toContain('Offline');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.getByRole('tooltip', { name: 'Member ap1-edge-a' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Member ap1-edge-a' }).waitFor();
  });

  test('a link opens the same pair, "back" closes it, and live changes are asked for once a second', async () => {
    const { page, registry } = await stage.show(fourLocations(), { hash: '#source=us1&target=eu1' });
    await page.getByRole('dialog', { name: /us1.*→.*eu1/ }).waitFor();
    await page.getByText('p95').first().waitFor();
    const asked = (): number => registry.requests.filter((url) => url.startsWith('/api/paths')).length;
    const before = asked();
    const startedMs = performance.now();
    for (let time = 0; time < 10; time++) {
      registry.send('paths', change(registry.script.overview, 84 + time));
      await page.waitForTimeout(60);
    }
    const seconds = (performance.now() - startedMs) / 1000;
    await expect.poll(asked).toBeGreaterThan(before);
    // Until nothing more is asked for; else this never ends.
    for (let still = -1; still !== asked();) {
      still = asked();
      await page.waitForTimeout(1_500);
    }
    // Once a second while they came, and once before and after.
    expect(asked() - before).toBeLessThanOrEqual(Math.min(9, 3 + seconds));
    await page.getByRole('button', { name: 'See the other direction' }).click();
    await page.getByRole('dialog', { name: /eu1.*→.*us1/ }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('gridcell', { name: /us1\W+to\W+us2/ }).click();
    await page.getByRole('dialog', { name: /us1.*→.*us2/ }).waitFor();
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    // What is chosen beside it stays when it is closed.
    await page.getByRole('gridcell', { name: /us1\W+to\W+us2/ }).click();
    await page.getByRole('dialog', { name: /us1.*→.*us2/ }).waitFor();
    await page.getByRole('tab', { name: 'TCP' }).click();
    await expect.poll(() => page.url()).toContain('view=tcp');
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => page.url()).toMatch(/#view=tcp$/);
    await page.getByRole('tab', { name: 'TCP', selected: true }).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('on a phone: no sideways scroll, touch opens a pair, tooltips by touch', async () => {
    const { page } = await stage.show(
      fourLocations({ 'us1 eu1': { state: 'down', reasons: ['cut'] } }),
      phone,
    );
    await page.getByRole('grid').waitFor();
    await expect.poll(() => page.evaluate(noSidewaysScroll)).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('tab', { name: 'TCP' }).tap();
    await page
      .getByRole('tooltip')
      .getByText(/TCP connects only/)
      .waitFor();
    await page.getByRole('gridcell', { name: /us1\W+to\W+eu1/ }).tap();
    await page.getByRole('dialog', { name: /us1.*→.*eu1/ }).waitFor();
    await page.getByText('timed out', { exact: true }).first().waitFor();
    const reason = await page.getByRole('dialog').getByText('cut', { exact: true }).boundingBox();
    const paragraph = await page.getByRole('dialog').locator('.reason').boundingBox();
    expect(paragraph?.height).toBeGreaterThanOrEqual(reason?.height ?? Infinity);
    await expect.poll(() => page.evaluate(noSidewaysScroll)).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
    // The panel is modal here: only what is a popover shows over it.
    await page.keyboard.press('Tab');
    await page.locator('[role=tooltip]:popover-open').getByText('Close').waitFor();
    await page.getByRole('button', { name: 'Close' }).tap();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test.for([
    ['wall', {}],
    ['phone', phone],
  ] as const)('hostile names are text, and the layout holds on a %s', async ([, options]) => {
    const { page } = await stage.show(hostileRing(), options);
    await page.getByRole('grid').waitFor();
    await page.getByText('<img src=x onerror=alert(1)>', { exact: true }).first().waitFor();
    await expect.poll(() => page.evaluate(noSidewaysScroll)).toBe(true);
    expect(await page.locator('main img, main script, main b.evil').count()).toBe(0);
    await page
      .getByRole('gridcell', { name: /img src=x/ })
      .first()
      .click();
    await page.getByRole('dialog').waitFor();
    await expect.poll(() => page.evaluate(noSidewaysScroll)).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
  });
});

function change(picture: OverviewAnswer, latencyMs: number) {
  const changed = path('us1', 'eu1', latencyMs);
  return { now_ms: Date.now(), location_paths: [changed], removed: [], coverage: picture.coverage };
}

/** The accessible words of the focused element, without the marks that isolate names. */
async function focused(page: Page): Promise<string> {
  const said = await page.evaluate(
    `(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.querySelector('.off-screen')?.textContent ?? document.activeElement?.textContent ?? '')`,
  );
  return String(said)
    .replace(/[\u2068\u2069]/g, '')
    .trim();
}
