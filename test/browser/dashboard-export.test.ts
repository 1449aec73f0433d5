import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphAnswer } from '@netring/contract/graph';
import { seriousFindings } from './axe.ts';
import { hostileNames } from './hostile-ring.ts';
import { drawn, plain } from './map-of.ts';
import { dependency, graphOf, service, shopGraph } from './scripted-graph.ts';
import { scriptedPast } from './scripted-past.ts';
import { fourLocations } from './scripted-ring.ts';
import { setStage, skipReason, type Scene, type Stage } from './stage.ts';

const late = shopGraph();
/** Before the trouble: everything is well, nobody calls reports, and one more service is there. */
const early = graphOf(
  [
    ...Object.values(late.services).filter((one) => one.service_id !== 'eu1/reports'),
    service('us1/legacy'),
  ].map((one) => ({ ...one, health: 'healthy' as const, activity: 'active' as const })),
  [
    ...late.dependencies
      .filter((one) => one.target_service !== 'eu1/reports')
      .map((one) => dependency(one.source_service, one.target_service)),
    dependency('us1/web', 'us1/legacy'),
  ],
);
const slider = (page: Page, name: string) => page.getByRole('slider', { name });

/** Opens the map with a quarter of an hour of past, of which the last five minutes are bad. */
async function showPast(stage: Stage, options: { hash?: string } = {}): Promise<Scene> {
  const why = 'loses 4 % from hop 5 (192.0.2.45) on';
  const picture = fourLocations({
    'us1 eu1': { state: 'degraded', since_ms: Date.now() - 300_000, reasons: [why] },
  });
  const past = scriptedPast(early, late, Date.now() - 300_000);
  return stage.show(picture, { hash: '#page=map', graph: late, past, ...options });
}

async function downloaded(page: Page, name: string): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name, exact: true }).press('Enter'),
  ]);
  await page.getByText(`Saved as ${download.suggestedFilename()}`).waitFor();
  return download;
}

async function textOf(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf8');
}

describe.skipIf(skipReason !== '')(`the past, and files of it ${skipReason}`, () => {
  const stage = setStage();
  let folder = '';
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'netring-export-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('the slider shows an earlier time, marked as such, by keyboard and by address; Escape leads back', async () => {
    const { page, registry } = await showPast(stage);
    await drawn(page, 10);
    await page.getByRole('button', { name: 'Time', exact: true }).press('Enter');
    const time = slider(page, 'Time that the map shows');
    await expect.poll(() => time.getAttribute('aria-valuetext')).toBe('now, the present');
    await time.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.getByText(/As of (\d+ \w+ )?\d\d:\d\d(:\d\d)?, 10 s window/).waitFor();
    expect(await time.getAttribute('aria-valuetext')).toMatch(/90 failed.*blamed on the network/);
    for (let step = 0; step < 4; step++) await page.keyboard.press('PageDown');
    await page.getByRole('button', { name: /^web \(us1\) calls legacy \(us1\)/ }).waitFor();
    await page.locator('section.of-the-past .frame').waitFor();
    expect(await time.getAttribute('aria-valuetext')).not.toContain('failed');
    expect(await seriousFindings(page)).toEqual([]);
    // What happens now is no part of it.
    registry.send('requests', { now_ms: Date.now(), seen: 9, items: [] });
    await page.waitForTimeout(300);
    expect(await page.getByText(/showing 0 of 9/).count()).toBe(0);
    const address = page.url();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^web \(us1\) calls reports \(eu1\)/ }).waitFor();
    await page.getByText('The present, as it happens').waitFor();
    expect(page.url()).not.toContain('at=');
    await page.goto(address);
    await page.getByRole('button', { name: /^web \(us1\) calls legacy \(us1\)/ }).waitFor();
    await page
      .getByText(/not live/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: /^\d\d:\d\d:\d\d$/ }).click();
    await page.getByText(/As of .* UTC, 10 s window/).waitFor();
    await expect.poll(() => time.getAttribute('aria-valuetext')).toContain(' UTC, 10 s window');
  });

  test('two times are compared: what is new, lost and worse, on the map and in the table', async () => {
    const { page } = await showPast(stage);
    await drawn(page, 10);
    await page.getByRole('button', { name: 'Time', exact: true }).press('Enter');
    await page.getByRole('button', { name: 'Compare' }).press('Enter');
    const counts = page.getByRole('list', { name: 'Dependencies by what changed' });
    await counts.waitFor();
    expect(plain(await counts.innerText())).toMatch(/3 worse − 1 lost \+ 1 new/);
    await drawn(page, 11);
    await page.getByRole('button', { name: 'Table' }).click();
    const table = page.getByRole('region', { name: 'What changed' });
    await table.waitFor();
    const rows = (await table.getByRole('row').allInnerTexts()).map(plain);
    expect(rows.filter((row) => row.startsWith('− lost'))).toEqual([expect.stringContaining('legacy')]);
    expect(rows.filter((row) => row.startsWith('+ new'))).toEqual([expect.stringContaining('reports')]);
    expect(rows.join('\n')).toMatch(/worse orders \(us1\) payments.*blame: nothing is slow → the network/);
    await page.getByRole('button', { name: 'Stop comparing' }).press('Enter');
    await page.getByText(/As of .* window/).waitFor();
  });

  test('each kind of file holds what is on the screen', async () => {
    const { page } = await showPast(stage);
    await drawn(page, 10);
    await page.getByRole('button', { name: 'Errors only' }).click();
    await drawn(page, 1);
    await page.getByRole('button', { name: 'Export', exact: true }).press('Enter');
    const [png, svg, dot, json, report] = [
      await downloaded(page, 'PNG'),
      await downloaded(page, 'SVG'),
      await downloaded(page, 'DOT'),
      await downloaded(page, 'JSON'),
      await downloaded(page, 'Report'),
    ];
    expect(svg.suggestedFilename()).toMatch(/^netring-127\.0\.0\.1-\d+-map-\d{8}T\d{6}Z-live\.svg$/);
    const picture = await readFile(await png.path());
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.readUInt32BE(16)).toBeGreaterThan(1920);
    expect(await textOf(svg)).toMatch(/>search<.*>web<.*15 % failed/s);
    expect(await textOf(svg)).not.toContain('payments');
    expect((await textOf(dot)).match(/ -> /g)).toHaveLength(1);
    const answer = graphAnswer.parse(JSON.parse(await textOf(json)));
    expect(answer.dependencies.map((one) => one.id)).toEqual(['us1/web>ap1/search']);
    expect(await textOf(report)).toMatch(/\| us1 \| eu1 \| degraded .*\n\| eu1 \| us1 \| ok/);
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('group', { name: 'Export' }).waitFor({ state: 'detached' });
  });

  test('a replay opens from a disk without a registry, hostile names and all, and holds no token', async () => {
    const evil = hostileNames.map((name, at) => service(`us1/h${at}`, { service_name: name }));
    const graph = graphOf([...Object.values(late.services), ...evil], late.dependencies);
    const { page, registry } = await showPast(stage);
    registry.script.graph = graph;
    await drawn(page, 10);
    const sentence = { level: 1, name: 'web → search fails: 90 of 600 requests' };
    await page.getByRole('heading', sentence).waitFor();
    await page.getByRole('button', { name: 'Export', exact: true }).press('Enter');
    const file = join(folder, 'replay.html');
    await (await downloaded(page, 'Replay')).saveAs(file);
    const html = await readFile(file, 'utf8');
    expect(html).toContain("default-src 'none'; script-src 'sha256-");
    expect(html).not.toMatch(/https?:\/\/127/);
    const replay = await page.context().newPage();
    await page.close();
    const asked = registry.requests.length;
    const complaints: string[] = [];
    replay.on('pageerror', (error) => complaints.push(error.message));
    replay.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await replay.goto(pathToFileURL(file).href);
    await replay.getByText(/Replay of .* made .* UTC/).waitFor();
    await replay.getByRole('heading', sentence).waitFor();
    await replay.getByText('replay, not live').waitFor();
    expect(await seriousFindings(replay)).toEqual([]);
    await replay.getByRole('button', { name: 'Services', exact: true }).first().click();
    await drawn(replay, 10);
    await replay.getByRole('button', { name: 'Time', exact: true }).press('Enter');
    await replay.getByText('As it stood when the replay was made, not live').waitFor();
    const time = slider(replay, 'Time that the map shows');
    await time.focus();
    for (let step = 0; step < 5; step++) await replay.keyboard.press('PageDown');
    await replay.getByRole('button', { name: /^web \(us1\) calls legacy \(us1\)/ }).waitFor();
    await replay.getByText(/As of .*, 10 s window/).waitFor();
    await replay.getByRole('button', { name: 'Compare' }).press('Enter');
    await replay.getByRole('list', { name: 'Dependencies by what changed' }).waitFor();
    expect(complaints).toEqual([]);
    expect(registry.requests).toHaveLength(asked);
  });
});
