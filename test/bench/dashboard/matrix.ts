import type { Browser, CDPSession, Page } from 'playwright-core';
import { bigRing } from '../../browser/big-ring.ts';
import { path, scriptOf } from '../../browser/scripted-ring.ts';
import { startScriptedRegistry, type ScriptedRegistry } from '../../browser/scripted-registry.ts';
import { noteWhenDrawn, whenDrawnMs } from './first-view.ts';

/** What the matrix of so many locations costs. */
export interface MatrixCost {
  /** From the page's start until the frame with the last cell is drawn, milliseconds. */
  shownMs: number;
  cells: number;
  /** Work of the main thread for an update of a hundred paths, milliseconds. */
  updateMs: number;
  /** What the heap has grown by over an hour's worth of updates, one a second, garbage collected before and after, MB. */
  heapGrownMb: number;
}

const hour = 3_600;
/** The first updates fill caches that stay. */
const warmUp = 200;

/** Shows the matrix, changes a hundred of its paths so many times, ten times a second, and then `most` updates as fast as they are taken. */
export async function matrixCost(
  browser: Browser,
  dist: string,
  locations: number,
  rounds: number,
  most = hour,
): Promise<MatrixCost> {
  const registry = await startScriptedRegistry(dist, scriptOf(bigRing(locations)));
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  try {
    // Asked from within: looking at ten thousand roles from outside would cost more than the matrix.
    await noteWhenDrawn(page, '[role=grid] td', locations ** 2);
    await page.goto(registry.url);
    const shownMs = await whenDrawnMs(page);
    const session = await page.context().newCDPSession(page);
    // The processor's time: the clock's is also that of whoever else is at work.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.waitForTimeout(500);
    const before = await metric(session, 'TaskDuration');
    for (let round = 0; round < rounds; round++) {
      change(registry, locations, round, 100);
      await page.waitForTimeout(100);
    }
    const updateMs = (1_000 * ((await metric(session, 'TaskDuration')) - before)) / rounds;
    const cells = await page.locator('[role=grid] td').count();
    return { shownMs, cells, updateMs, heapGrownMb: await heapGrown(page, session, registry, most) };
  } finally {
    await page.close();
    await registry.stop();
  }
}

function change(registry: ScriptedRegistry, locations: number, round: number, count: number): void {
  const changed = Array.from({ length: count }, (_, at) =>
    path(`site${(at % 5) + 1}`, `site${((at + round) % locations) + 1}`, 20 + (round % 90)),
  );
  registry.send('paths', {
    now_ms: Date.now(),
    location_paths: changed.filter(({ source, target }) => source !== target),
    removed: [],
    coverage: registry.script.overview.coverage,
  });
}

async function heapGrown(
  page: Page,
  session: CDPSession,
  registry: ScriptedRegistry,
  updates: number,
): Promise<number> {
  const locations = registry.script.overview.members.length / 10;
  const play = async (count: number): Promise<number> => {
    for (let round = 0; round < count; round++) {
      change(registry, locations, round, 20);
      if (round % 10 === 9) await page.evaluate('new Promise((drawn) => requestAnimationFrame(drawn))');
    }
    await page.waitForTimeout(1_000);
    await session.send('HeapProfiler.collectGarbage');
    return (await metric(session, 'JSHeapUsedSize')) / 1e6;
  };
  const before = await play(Math.min(warmUp, updates));
  return (await play(updates)) - before;
}

async function metric(session: CDPSession, wanted: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === wanted)?.value ?? 0;
}
