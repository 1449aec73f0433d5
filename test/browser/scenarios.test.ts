import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshAttempts } from '../lab/accuracy.ts';
import { describeLab } from '../lab/describe-lab.ts';
import { findChromium, launch } from './browser.ts';
import { startScenarioRing, type ScenarioRing } from './scenario-ring.ts';

const chromium = await findChromium();
const results = fileURLToPath(new URL('../results/', import.meta.url));
const isLong = process.env.NETRING_TEST_LONG === '1';
/** Beyond every promise: a limit for what hangs. */
const patienceMs = isLong ? 200_000 : 60_000;

/** Something happens to the ring; the sentence on top tells it, and takes it back after healing. */
interface Scenario {
  name: string;
  /** What the sentence says then. */
  says: RegExp;
  /** Promised, milliseconds: until it is told, and until it is taken back. */
  withinMs: number;
  /** Takes long: only with `NETRING_TEST_LONG=1`. */
  long?: true;
  /** What must be known before. */
  needs?: (ring: ScenarioRing) => Promise<void>;
  happens: (ring: ScenarioRing) => unknown;
  heals: (ring: ScenarioRing) => unknown;
}

const scenarios: readonly Scenario[] = [
  {
    // In short, real-cut.test.ts looks at it.
    long: true,
    name: 'link-cut',
    says: /eu1 . ap1 is down both ways|(eu1 → ap1|ap1 → eu1) is down/,
    withinMs: 15_000,
    happens: ({ lab }) => lab.link('eu1', 'ap1').set({ cut: true }),
    heals: ({ lab }) => lab.link('eu1', 'ap1').heal(),
  },
  {
    name: 'member-killed',
    says: /ap1.*(answers nobody as it should|does not answer)/,
    withinMs: 15_000,
    async happens(ring) {
      ring.member('ap1').kill('SIGKILL');
      await ring.member('ap1').exited;
    },
    heals: (ring) => ring.startMember('ap1'),
  },
  {
    name: 'member-stopped',
    says: /ap1-a\W.*(left|goodbye)/,
    withinMs: 15_000,
    async happens(ring) {
      ring.member('ap1').kill('SIGTERM');
      await ring.member('ap1').exited;
    },
    heals: (ring) => ring.startMember('ap1'),
  },
  {
    name: 'registry-away',
    says: /^No word from the registry/,
    withinMs: 15_000,
    happens: (ring) => ring.registry().kill('SIGKILL'),
    heals: (ring) => ring.startRegistry(),
  },
  {
    name: 'store-away',
    says: /^The registry's store is away/,
    withinMs: 15_000,
    happens: (ring) => ring.stopStore(),
    heals: (ring) => ring.startStore(),
  },
  {
    name: 'loss',
    says: /(us1 → eu1|eu1 → us1) loses [\d.]+ %/,
    withinMs: 45_000,
    long: true,
    happens: ({ lab }) => lab.link('us1', 'eu1').set({ lossRatio: 0.1 }),
    heals: ({ lab }) => lab.link('us1', 'eu1').heal(),
  },
  {
    name: 'slow-hop',
    says: /takes \d+ ms, usually \d+ ms, since hop \d+ \([\d.]+\) adds \d+ ms more/,
    withinMs: 45_000,
    long: true,
    needs: (ring) => ring.usualKnown('us1', 'eu1'),
    happens: ({ lab }) => lab.link('us1', 'eu1').set({ delayMs: 80 }),
    heals: ({ lab }) => lab.link('us1', 'eu1').heal(),
  },
  {
    name: 'slow-application',
    says: /reports.* is slow in itself.*ms/,
    withinMs: 45_000,
    long: true,
    happens: (ring) => ring.delayReports(300),
    heals: (ring) => ring.delayReports(0),
  },
  {
    name: 'low-bandwidth',
    says: /(us1 → ap1|ap1 → us1) carries [\d.]+ Mbit\/s/,
    // Until the end of the next test, of three location pairs by turns.
    withinMs: 180_000,
    long: true,
    happens: ({ lab }) => lab.link('us1', 'ap1').set({ rateMbit: 20 }),
    heals: ({ lab }) => lab.link('us1', 'ap1').heal(),
  },
];

describeLab(
  'the sentence on top, of a real ring',
  () => {
    let ring: ScenarioRing;
    let browser: Browser;
    const pages: Record<string, Page> = {};

    beforeAll(async () => {
      if (chromium.kind === 'missing') throw new Error(chromium.reason);
      await mkdir(results, { recursive: true });
      ring = await startScenarioRing({ NETRING_BANDWIDTH_TEST_INTERVAL: isLong ? '30' : '0' });
      await ring.whole();
      browser = await launch(chromium.path);
      for (const [size, viewport] of [
        ['wall', { width: 1920, height: 1080 }],
        ['phone', { width: 390, height: 844 }],
      ] as const) {
        pages[size] = await browser.newPage({ viewport, colorScheme: 'dark', locale: 'en-GB' });
        await pages[size].goto(ring.reader.url);
      }
    });
    afterAll(async () => {
      await browser?.close();
      await ring?.close();
    });

    /** What stands at the top of the wall meanwhile, as often as it changes; stops with what it returns. */
    const listen = () => {
      const heard: string[] = [];
      const startedMs = performance.now();
      const timer = setInterval(() => {
        const hear = (text: string) => {
          const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
          if (!heard.at(-1)?.endsWith(text)) heard.push(`${seconds} s: ${text}`);
        };
        void pages.wall
          ?.locator('.headline')
          .innerText()
          .then(hear, () => undefined);
      }, 250);
      return () => {
        clearInterval(timer);
        return heard.join('\n');
      };
    };
    /** Waits until the sentence is like that, at both sizes; how long that took, the sentence, and those before. */
    const sentence = async (what: RegExp, tone?: string) => {
      const startedMs = performance.now();
      const heard = listen();
      let said = '';
      for (const [size, page] of Object.entries(pages)) {
        const headline = page.locator(tone === undefined ? '#headline' : `[data-tone=${tone}] #headline`);
        try {
          await headline.filter({ hasText: what }).waitFor({ timeout: patienceMs });
          said = await page.locator('#headline').innerText();
        } catch {
          const instead = await page.locator('.headline').innerText();
          await page.screenshot({ path: `${results}scenario-missed-${size}.png` });
          heard();
          throw new Error(`not ${String(what)} but: ${instead}\n${ring.logs().slice(-3000)}`);
        }
      }
      return { said, tookMs: performance.now() - startedMs, before: heard() };
    };

    for (const { name, says, withinMs, long, needs, happens, heals } of scenarios) {
      if (long && !isLong) continue;
      it(`tells ${name}, and takes it back`, { ...freshAttempts, timeout: 1_500_000 }, async () => {
        await sentence(/6 paths between 3 locations/, 'ok');
        await needs?.(ring);
        await happens(ring);
        let told: Awaited<ReturnType<typeof sentence>>;
        try {
          told = await sentence(says);
          for (const [size, page] of Object.entries(pages))
            await page.screenshot({ path: `${results}scenario-${name}-${size}.png` });
        } finally {
          // Whatever it says, the next attempt begins with a ring that is whole.
          await heals(ring);
        }
        const back = await sentence(/6 paths between 3 locations/, 'ok');
        const seconds = (ms: number) => (ms / 1000).toFixed(1);
        console.log(
          `${name}: told after ${seconds(told.tookMs)} s, taken back after ${seconds(back.tookMs)} s: ${told.said}`,
        );
        const before = `said meanwhile:\n${told.before}\nand:\n${back.before}\n`;
        expect(Math.max(told.tookMs, back.tookMs), before).toBeLessThan(withinMs);
      });
    }
  },
  chromium.kind === 'found' ? {} : { needs: 'chromium' },
);
