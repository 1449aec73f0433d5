import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { GraphAnswer } from '@netring/contract/graph';
import type { OverviewAnswer } from '@netring/contract/overview';
import { findChromium, launch } from './browser.ts';
import { builtDashboard } from './dashboard-build.ts';
import type { ScriptedPast } from './scripted-past.ts';
import { startScriptedRegistry, type ScriptedRegistry } from './scripted-registry.ts';
import { scriptOf } from './scripted-ring.ts';

export const wall: BrowserContextOptions = { viewport: { width: 1920, height: 1080 } };
export const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};

/** Where the browser is, found once. */
export const chromiumHere = await findChromium();
/** Why browser tests are skipped, as the end of a title; empty when they run. */
export const skipReason = chromiumHere.kind === 'missing' ? `(skipped: ${chromiumHere.reason})` : '';

/** A page that shows a scripted registry, and everything it complained of. */
export interface Scene {
  page: Page;
  registry: ScriptedRegistry;
  /** Console errors, page errors and violations of the Content-Security-Policy so far. */
  complaints: string[];
}

/** What the tests of one file share: one browser, and scenes that are torn down after each test. */
export interface Stage {
  show(
    picture: OverviewAnswer,
    options?: BrowserContextOptions & { hash?: string; graph?: GraphAnswer; past?: ScriptedPast },
  ): Promise<Scene>;
}

/** Sets the stage with vitest's hooks. After each test, no scene may have complained. */
export function setStage(): Stage {
  let browser: Browser | undefined;
  let dist = '';
  const scenes: Scene[] = [];
  beforeAll(async () => {
    if (chromiumHere.kind === 'missing') return;
    dist = await builtDashboard();
    browser = await launch(chromiumHere.path);
  });
  afterEach(async () => {
    const ending = scenes.splice(0);
    for (const { page, registry } of ending) {
      await page.context().close();
      await registry.stop();
    }
    for (const { complaints } of ending) expect(complaints).toEqual([]);
  });
  afterAll(async () => browser?.close());
  return {
    show: async (picture, { hash = '', graph, past, ...options } = {}) => {
      if (browser === undefined) throw new Error('No browser was started');
      const script = scriptOf(picture);
      if (graph !== undefined) script.graph = graph;
      if (past !== undefined) script.past = past;
      const registry = await startScriptedRegistry(dist, script);
      const context = await browser.newContext({ locale: 'en-US', colorScheme: 'dark', ...wall, ...options });
      context.setDefaultTimeout(60_000);
      const page = await context.newPage();
      const scene: Scene = { page, registry, complaints: [] };
      scenes.push(scene);
      await listen(scene);
      await page.goto(registry.url + hash);
      return scene;
    },
  };
}

async function listen({ page, complaints }: Scene): Promise<void> {
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // That a stream broke is what some tests are about; the browser says so on its own.
    const ofNetwork = /Failed to load resource|net::ERR_/.test(message.text());
    if (message.type() === 'error' && !ofNetwork) complaints.push(message.text());
  });
  await page.addInitScript(`addEventListener('securitypolicyviolation', (event) =>
    console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI));`);
}
