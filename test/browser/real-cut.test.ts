import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshAttempts } from '../lab/accuracy.ts';
import { describeLab } from '../lab/describe-lab.ts';
import { startLabRing, type LabRing } from '../ring/lab-ring.ts';
import { findChromium, launch } from './browser.ts';

const chromium = await findChromium();
const results = fileURLToPath(new URL('../results/', import.meta.url));
/** Red, and green again, at default settings. */
const boundMs = 15_000;

/** Waits in the page until both cells between eu1 and ap1 say `word`; gives how long that took. */
async function bothSay(page: Page, word: string): Promise<number> {
  const startedMs = performance.now();
  for (const [from, to] of [
    ['eu1', 'ap1'],
    ['ap1', 'eu1'],
  ])
    // prettier-ignore
    await page
      .getByRole('gridcell', { name: new RegExp(`${from}\\W+to\\W+${to}\\W+${word}\\b`) })
      .waitFor({ timeout: 60_000, state: 'attached' });
  return Math.round(performance.now() - startedMs);
}

describeLab(
  'the dashboard of a real ring',
  () => {
    let ring: LabRing;
    let browser: Browser;
    beforeAll(async () => {
      if (chromium.kind === 'missing') throw new Error(chromium.reason);
      ring = await startLabRing({ registry: { NETRING_OPEN_READING: '1' } });
      browser = await launch(chromium.path);
      await mkdir(results, { recursive: true });
    });
    afterAll(async () => {
      await browser?.close();
      await ring?.close();
    });

    it(
      'a cut link is red within 15 s by default settings, green within 15 s of healing, and nothing else changes',
      freshAttempts,
      async () => {
        await ring.lab.link('eu1', 'ap1').heal();
        await ring.whole();
        const page = await browser.newPage({ viewport: { width: 1600, height: 900 }, colorScheme: 'dark' });
        await page.goto(ring.reader.url);
        await bothSay(page, 'up');
        await ring.lab.link('eu1', 'ap1').set({ cut: true });
        const redMs = await bothSay(page, 'down');
        expect(await page.getByRole('gridcell', { name: /\bdown\b/ }).count()).toBe(2);
        expect(await page.getByRole('gridcell', { name: /us1\W+to\W+(eu1|ap1)\W+up\b/ }).count()).toBe(2);
        expect(await page.locator('[data-member].online').count()).toBe(3);
        await page.screenshot({ path: `${results}real-cut.png` });
        await ring.lab.link('eu1', 'ap1').heal();
        const greenMs = await bothSay(page, 'up');
        console.log(`dashboard: red after ${redMs} ms, green ${greenMs} ms after healing`);
        await page.screenshot({ path: `${results}real-healed.png` });
        await page.close();
        expect([redMs < boundMs, greenMs < boundMs], `${redMs} ms, ${greenMs} ms`).toEqual([true, true]);
      },
    );
  },
  chromium.kind === 'found' ? {} : { needs: 'chromium' },
);
