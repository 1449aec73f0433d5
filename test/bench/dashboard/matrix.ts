import type { Browser, CDPSession } from 'playwright-core';
import { bigRing } from '../../browser/big-ring.ts';
import { path, scriptOf } from '../../browser/scripted-ring.ts';
import { startScriptedRegistry } from '../../browser/scripted-registry.ts';

/** What the matrix of so many locations costs. */
export interface MatrixCost {
  /** From the page's start until the last cell is there, milliseconds. */
  shownMs: number;
  cells: number;
  /** Work of the main thread for an update of a hundred paths, milliseconds. */
  updateMs: number;
}

/** Shows the matrix and changes a hundred of its paths so many times, ten times a second. */
export async function matrixCost(
  browser: Browser,
  dist: string,
  locations: number,
  rounds: number,
): Promise<MatrixCost> {
  const picture = bigRing(locations);
  const registry = await startScriptedRegistry(dist, scriptOf(picture));
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  try {
    await page.goto(registry.url);
    await page.getByRole('gridcell').last().waitFor();
    const shownMs = await page.evaluate<number>('performance.now()');
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    await page.waitForTimeout(500);
    const before = await busyMs(session);
    for (let round = 0; round < rounds; round++) {
      const changed = Array.from({ length: 100 }, (_, at) =>
        path(`site${(at % 5) + 1}`, `site${(at % locations) + 1}`, 20 + round),
      );
      registry.send('paths', {
        now_ms: Date.now(),
        location_paths: changed.filter(({ source, target }) => source !== target),
        removed: [],
        coverage: picture.coverage,
      });
      await page.waitForTimeout(100);
    }
    const updateMs = ((await busyMs(session)) - before) / rounds;
    return { shownMs, cells: await page.getByRole('gridcell').count(), updateMs };
  } finally {
    await page.close();
    await registry.stop();
  }
}

async function busyMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
}
