import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { GraphAnswer } from '@netring/contract/graph';
import type { OverviewAnswer } from '@netring/contract/overview';
import { bigRing } from './big-ring.ts';
import { slowHopRing } from './slow-hop-ring.ts';
import { hostileGraph } from './hostile-graph.ts';
import { hostileRing } from './hostile-ring.ts';
import { shopGraph } from './scripted-graph.ts';
import { fourLocations, type member, overview } from './scripted-ring.ts';
import { phone, setStage, skipReason, wall, type Scene } from './stage.ts';

const results = fileURLToPath(new URL('../results/', import.meta.url));

const minute = 60_000;
const inLight = new Set(['one-down', 'pair-open', 'path', 'incident', 'map', 'map-dependency']);
const slowService = '#page=map&service=us1%2Forders';
const slowPathHash = '#path-from=us1-edge-a&path-to=eu1-edge-a';

/** Each state of the dashboard that people judge by its looks. */
const states: {
  name: string;
  picture: () => OverviewAnswer;
  hash?: string;
  graph?: () => GraphAnswer;
  then?: (scene: Scene) => Promise<void>;
}[] = [
  { name: 'all-ok', picture: () => fourLocations() },
  { name: 'one-down', picture: oneDown },
  { name: 'pair-open', picture: oneDown, then: openPair },
  { name: 'members-mixed', picture: membersMixed },
  { name: 'stream-lost', picture: () => fourLocations(), then: loseStream },
  { name: 'empty', picture: () => overview([], []) },
  { name: 'hundred-locations', picture: () => bigRing(100) },
  { name: 'hostile', picture: hostileRing },
  { name: 'eighteen-locations', picture: () => bigRing(18) },
  { name: 'incident', picture: slowHopRing },
  { name: 'path', picture: slowHopRing, hash: slowPathHash, then: chartsDrawn },
  { name: 'alerts', picture: slowHopRing, hash: '#page=alerts', then: alertsListed },
  { name: 'view-bandwidth', picture: slowHopRing, hash: '#view=bandwidth' },
  { name: 'map', picture: slowHopRing, hash: '#page=map', graph: shopGraph, then: mapDrawn },
  { name: 'map-dependency', picture: slowHopRing, hash: '#page=map', graph: shopGraph, then: openSlow },
  { name: 'map-service', picture: slowHopRing, hash: slowService, graph: shopGraph, then: mapDrawn },
  { name: 'map-table', picture: slowHopRing, hash: '#page=map&as=table', graph: shopGraph },
  { name: 'map-hostile', picture: slowHopRing, hash: '#page=map', graph: hostileGraph, then: mapDrawn },
  { name: 'view-traceroute', picture: slowHopRing, hash: '#view=traceroute&from=us1' },
];

describe.skipIf(skipReason !== '')(`the dashboard's looks ${skipReason}`, () => {
  const stage = setStage();
  beforeAll(async () => {
    await mkdir(results, { recursive: true });
  });

  test.for(states)('$name', async ({ name, picture, hash = '', graph, then }) => {
    for (const [size, options] of [
      ['wall', wall],
      ['phone', phone],
    ] as const) {
      const scene = await stage.show(picture(), { ...options, hash, ...(graph && { graph: graph() }) });
      const { page } = scene;
      await page.getByText('live', { exact: true }).waitFor();
      await then?.(scene);
      await page.waitForTimeout(100);
      await take(page, `${name}-${size}`);
      if (name === 'path')
        await page.screenshot({ path: `${results}${name}-${size}-full.png`, fullPage: true });
      if (size === 'phone' || !inLight.has(name)) continue;
      await page.evaluate(`document.documentElement.dataset.theme = 'light'`);
      await page.waitForTimeout(100);
      await take(page, `${name}-light`);
    }
  });
});

/** Takes a picture of a page, which is never broader than its screen. */
async function take(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${results}${name}.png` });
  expect(
    await page.evaluate('document.documentElement.scrollWidth <= Math.min(innerWidth, screen.width)'),
  ).toBe(true);
}

function oneDown(): OverviewAnswer {
  const since = Date.now() - 4 * minute;
  const reasons = ['TCP connect timed out after 2 s, twice; HTTP /health did not answer within 5 s'];
  return fourLocations({
    'us1 eu1': { state: 'down', since_ms: since, reasons },
    'ap1 us1': {
      state: 'degraded',
      since_ms: since + minute,
      reasons: ['4 of 12 TCP connects needed a second SYN'],
      checks: [
        { kind: 'tcp', state: 'degraded', p50_ms: 143, sent: 12, lost: 4, at_ms: Date.now() - 2_000 },
        { kind: 'http', state: 'ok', p50_ms: 290, sent: 12, lost: 0, at_ms: Date.now() - 2_000 },
      ],
    },
    'eu1 shop': { answering: false, reasons: ['HTTP answered 503 instead of 200'] },
    'us2 bank-gateway': {
      state: 'unknown',
      at_ms: Date.now() - 3 * minute,
      reasons: ['No result for 3 min'],
    },
  });
}

function membersMixed(): OverviewAnswer {
  const nowS = Date.now() / 1000;
  const picture = fourLocations({
    'us2 eu1': {
      paths: { ok: 0, degraded: 0, down: 0, unknown: 0, unproved: 1 },
      state: 'unknown',
      checks: [],
    },
  });
  const changed: Record<string, Partial<Parameters<typeof member>[2]>> = {
    'ap1-edge-a': { status: 'stale', last_seen: nowS - 48 },
    'ap1-edge-b': {
      status: 'online',
      probes_off: [{ kind: 'icmp', reason: 'not allowed to open a raw socket' }],
    },
    'eu1-edge-a': { status: 'offline', last_seen: nowS - 420, peers: 'reachable' },
    'eu1-edge-b': { status: 'offline', last_seen: nowS - 1260, peers: 'unreachable' },
    'us1-edge-b': { status: 'deregistered', last_seen: nowS - 700, deregistered_at: nowS - 690 },
    'us2-edge-b': { proved: false, peers: 'unknown' },
  };
  return {
    ...picture,
    members: picture.members.map((one) => ({ ...one, ...changed[one.instance_id] })),
    coverage: { planned: 64, measured: 58, oldest_age_ms: 4_100 },
  };
}

async function openPair({ page }: Scene): Promise<void> {
  await page.getByRole('gridcell', { name: /us1.* to .*eu1/ }).click();
  await page.getByText('p95').first().waitFor();
}

async function loseStream({ page, registry }: Scene): Promise<void> {
  registry.script.serving = false;
  registry.breakStreams();
  await page.locator('[data-tone=still]').waitFor();
}

async function chartsDrawn({ page }: Scene): Promise<void> {
  await page.locator('.uplot canvas').nth(3).waitFor();
}

async function alertsListed({ page }: Scene): Promise<void> {
  await page.getByText('us2 → eu1 loses 1.2 %', { exact: true }).waitFor();
}

async function mapDrawn({ page }: Scene): Promise<void> {
  await page.locator('canvas[data-drawn]').waitFor();
}

async function openSlow(scene: Scene): Promise<void> {
  await mapDrawn(scene);
  await scene.page.evaluate(`location.hash = '#page=map&dependency=us1%2Forders%3Eeu1%2Fpayments'`);
  await scene.page.getByText('Who else crosses this hop').waitFor();
}
