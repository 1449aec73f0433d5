import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { seriousFindings } from './axe.ts';
import { shopGraph } from './scripted-graph.ts';
import { scriptedSchedule } from './scripted-member.ts';
import { fourLocations, member } from './scripted-ring.ts';
import { slowHopRing } from './slow-hop-ring.ts';
import { phone, setStage, skipReason } from './stage.ts';

/** Other tests look at them in dark colours. */
const pages = {
  home: '#member=us1-edge-a',
  path: '#path-from=us1-edge-a&path-to=eu1-edge-a',
  map: '#page=map',
  'map table': '#page=map&as=table',
  alerts: '#page=alerts',
} as const;

/** What began before midnight is told with its day. */
const sinceHere = /since (\d+ \w+ )?\d\d:\d\d, for/;
const sinceUtc = /since (\d+ \w+ )?\d\d:\d\d UTC, for/;

describe.skipIf(skipReason !== '')(`palette, help and members ${skipReason}`, () => {
  const stage = setStage();

  test('every place is found and gone to by keyboard, and the focus comes back', async () => {
    const { page } = await stage.show(slowHopRing(), { graph: shopGraph() });
    await page.getByRole('heading', { level: 2, name: 'Services' }).waitFor();
    await page.getByRole('button', { name: 'Offline' }).focus();
    await go(page, 'payments', /payments/);
    await page.getByRole('dialog', { name: /payments/ }).waitFor();
    await expect.poll(() => page.url()).toContain('service=eu1%2Fpayments');
    await go(page, 'us1 eu1', /us1 → eu1/);
    await page.getByRole('dialog', { name: /us1.*→.*eu1/ }).waitFor();
    await page.keyboard.press('Escape');
    await go(page, 'edge-b eu1', /eu1-edge-b/);
    await page.getByRole('dialog', { name: 'Member eu1-edge-b' }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => page.url()).not.toContain('member=');
    await go(page, 'alerts', /Alerts and silences/);
    await page.getByRole('heading', { level: 2, name: 'Alerts' }).waitFor();
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'What to find' }).fill('nothing of the sort');
    await page.getByText('Nothing fits.').waitFor();
    await page.keyboard.press('Escape');
    await isClosed(page);
    await page.getByRole('heading', { level: 2, name: 'Alerts' }).waitFor();
  });

  test('export and tidy are asked for from any page, and take the focus', async () => {
    const { page } = await stage.show(slowHopRing(), { graph: shopGraph() });
    await page.getByRole('heading', { level: 2, name: 'Services' }).waitFor();
    await go(page, 'export', /Export the service map/);
    await page.getByRole('group', { name: 'Export' }).waitFor();
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('PNG');
    await page.keyboard.press('Escape');
    await page.getByRole('group', { name: 'Export' }).waitFor({ state: 'detached' });
    await go(page, 'tidy', /Tidy the service map/);
    await page.getByRole('alertdialog').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('Leave it');
    await page.keyboard.press('Enter');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
  });

  test('actions: wall, light, UTC on every time; help by its key', async () => {
    const { page } = await stage.show(slowHopRing());
    await page.getByText(sinceHere).first().waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: 'Wall mode' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await isClosed(page);
    await go(page, 'utc', /Tell times in UTC/);
    await page.getByText(sinceUtc).first().waitFor();
    await page.getByRole('button', { name: /^\d\d:\d\d:\d\d UTC$/, pressed: true }).waitFor();
    await go(page, 'light', /Light colours/);
    await expect.poll(() => page.evaluate('document.documentElement.dataset.theme')).toBe('light');
    await page.reload();
    await page.getByText(sinceUtc).first().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor({ state: 'detached' });
    await go(page, 'wall', /Wall mode/);
    await page.locator('[data-scene=incident]').waitFor();
    await go(page, 'leave', /Leave the wall/);
    await page.getByRole('banner').waitFor();
  });

  test("a member's facts stand beside its card, on the screen, from its own plan; by pointer, key and touch", async () => {
    const picture = fourLocations();
    picture.members = picture.members.map((one) => ({
      ...one,
      schedule: scriptedSchedule(),
      clock_ahead_ms: 3_240,
      probes_off: one.instance_id === 'us2-edge-b' ? [{ kind: 'icmp', reason: 'no raw socket' }] : [],
    }));
    picture.members.push(
      member('gone', 'us2', { status: 'deregistered', deregistered_at: Date.now() / 1000 - 120 }),
    );
    const { page, registry } = await stage.show(picture);
    const facts = page.locator('#member-facts');
    await page.locator('[data-member="us2-edge-b"]').hover();
    await facts.getByText('86 % of 336 checks in the last minute').waitFor();
    await facts.getByText(/^in \d+ s; 28 checks, each every 1 min$/).waitFor();
    await facts.getByText(/^asks for its turn in \d+ s/).waitFor();
    await facts.getByText(/^in 2 min \d s, each target every 5 min$/).waitFor();
    await facts.getByText("3.2 s ahead of the registry's").waitFor();
    await facts.getByText('7 paths to it: 6 up, 1 down').waitFor();
    await facts.getByText('icmp probe off: no raw socket').waitFor();
    expect(await isOnScreen(page)).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
    await page.mouse.move(5, 5);
    await facts.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'gone' }).focus();
    await page.keyboard.press('Enter');
    await facts.getByText(/Said goodbye .* 2 min ago/).waitFor();
    await expect.poll(() => page.url()).toContain('member=gone');
    await page.keyboard.press('Escape');
    await facts.waitFor({ state: 'detached' });

    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${registry.url}#member=us2-edge-b`);
    await facts.getByText('7 paths to it').waitFor();
    await expect.poll(() => isOnScreen(page)).toBe(true);
  });

  test('axe finds nothing serious on any page in light colours', async () => {
    const { page, registry } = await stage.show(slowHopRing(), { graph: shopGraph() });
    await page.evaluate(`localStorage.setItem('netring-theme', 'light')`);
    await page.reload();
    for (const [name, hash] of Object.entries(pages)) {
      await page.evaluate(`location.hash = '${hash}'`);
      await settled(page, name);
      expect([name, await seriousFindings(page)]).toEqual([name, []]);
    }
    for (const [key, dialog] of [
      ['Control+k', /^Find/],
      ['?', 'Keyboard'],
    ] as const) {
      await page.keyboard.press(key);
      await page.getByRole('dialog', { name: dialog }).waitFor();
      expect([key, await seriousFindings(page)]).toEqual([key, []]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: dialog }).waitFor({ state: 'detached' });
    }
    registry.script.viewToken = 'secret';
    await page.reload();
    await page.getByRole('textbox', { name: 'Token' }).waitFor();
    expect(['login', await seriousFindings(page)]).toEqual(['login', []]);
  });

  test('on a phone everything that is not shown is found', async () => {
    const { page } = await stage.show(slowHopRing(), { ...phone, graph: shopGraph() });
    await page.getByRole('button', { name: 'Find' }).tap();
    await page.getByRole('option', { name: 'Light colours' }).tap();
    await expect.poll(() => page.evaluate('document.documentElement.dataset.theme')).toBe('light');
    await page.getByRole('button', { name: 'Open the service map' }).tap();
    await page.getByRole('heading', { level: 2, name: 'Services' }).waitFor();
  });
});

/** Finds something, and goes there by keyboard alone. */
async function go(page: Page, query: string, what: RegExp): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'What to find' }).fill(query);
  await page.getByRole('option', { name: what, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await isClosed(page);
}

/** A key that comes while the palette is closing would be its own. */
async function isClosed(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'What to find' }).waitFor({ state: 'detached' });
}

async function settled(page: Page, name: string): Promise<void> {
  if (name === 'home')
    await page
      .getByRole('dialog', { name: /^Member/ })
      .getByText('Average latency')
      .waitFor();
  if (name === 'path') await page.getByRole('region', { name: 'Route there', exact: true }).waitFor();
  if (name === 'map') await page.locator('canvas[data-drawn]').waitFor();
  if (name === 'map table') await page.getByRole('table').first().waitFor();
  if (name === 'alerts') await page.getByRole('heading', { level: 2, name: 'Alerts' }).waitFor();
}

async function isOnScreen(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(`(() => {
    const { left, top, right, bottom } = document.getElementById('member-facts').getBoundingClientRect();
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  })()`);
}
