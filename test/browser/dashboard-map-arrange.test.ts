import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { drawn, pickable, plain } from './map-of.ts';
import { shopGraph } from './scripted-graph.ts';
import { fourLocations } from './scripted-ring.ts';
import { setStage, skipReason, type Scene } from './stage.ts';

const token = 'operators-only';

describe.skipIf(skipReason !== '')(`the map is opened and arranged ${skipReason}`, () => {
  const stage = setStage();

  async function shop(hash = '#page=map'): Promise<Scene & { orders: { path: string; body: unknown }[] }> {
    const scene = await stage.show(fourLocations(), { hash, graph: shopGraph() });
    const orders: { path: string; body: unknown }[] = [];
    scene.registry.script.arranging = { operatorToken: token, orders };
    return { ...scene, orders };
  }

  test('locations open to machines and processes, all or one, and the link shows the same', async () => {
    const { page } = await shop();
    await drawn(page, 10);
    const mirror = page.getByRole('list', { name: 'Services on the map' });
    await page.getByLabel('Down to').selectOption('hosts');
    await expect.poll(() => page.url()).toContain('level=hosts');
    await mirror.getByRole('button', { name: /^orders \(us1\) on us1-host-1: service/ }).waitFor();
    await page.getByLabel('Down to').selectOption('services');
    const us1 = page
      .getByRole('list', { name: 'Locations on the map' })
      .getByRole('button', { name: /^us1/ });
    await us1.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('instances=us1');
    await mirror
      .getByRole('button', { name: /orders \(us1\) on us1-host-1: node \(pid 4711\), port 8080/ })
      .waitFor();
    await mirror.getByRole('button', { name: 'payments (eu1)', exact: true }).waitFor();
    await page.reload();
    await mirror.getByRole('button', { name: /orders \(us1\) on us1-host-1/ }).waitFor();
  });

  test('arrow keys move a service for everybody, with the right to; what is refused can be taken back', async () => {
    const { page, orders } = await shop();
    await drawn(page, 10);
    await page
      .getByRole('list', { name: /Services on the map/ })
      .getByRole('button', { name: 'web (us1)' })
      .focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.getByText('Not saved').waitFor();
    await page.getByRole('button', { name: 'Take back' }).click();
    expect(orders).toEqual([]);
    await page
      .getByRole('list', { name: /Locations on the map/ })
      .getByRole('button', { name: /^us1/ })
      .focus();
    await page.keyboard.press('ArrowDown');
    await give(page);
    await page.getByText('Moved for everybody.').waitFor();
    expect(orders).toEqual([
      {
        path: '/topology/positions',
        body: { positions: { 'area:us1': expect.objectContaining({ pinned: true }) as unknown } },
      },
    ]);
  });

  test('what is dragged stays where it was put, and nothing else moves', async () => {
    const { page, orders } = await shop();
    await drawn(page, 10);
    const [from] = await pickable(page);
    expect(from).toBeDefined();
    const { x, y } = from as { x: number; y: number };
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 30, y + 60, { steps: 3 });
    await page.mouse.move(x + 40, y + 140, { steps: 3 });
    await page.mouse.up();
    await give(page);
    await expect.poll(() => orders.length).toBe(1);
    expect(orders[0]).toMatchObject({ path: '/topology/positions' });
    expect(Object.keys((orders[0]?.body as { positions: object }).positions)).toHaveLength(1);
  });

  test('tidy asks first', async () => {
    const { page, orders } = await shop();
    await drawn(page, 10);
    await page.getByRole('button', { name: 'Tidy' }).click();
    await page.getByRole('button', { name: 'Leave it' }).click();
    await page.getByRole('button', { name: 'Tidy' }).click();
    await page.getByRole('alertdialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.getByRole('searchbox', { name: 'Find a service' }).press('Escape');
    await drawn(page, 10);
    expect(page.url()).toContain('page=map');
    expect(orders).toEqual([]);
    await page.getByRole('button', { name: 'Tidy' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Tidy' }).click();
    await give(page);
    await page.getByText('Laid out anew for everybody.').waitFor();
    expect(orders).toEqual([{ path: '/topology/tidy', body: { release_pinned: false } }]);
  });

  test('a dependency tells its machines and its last two hours', async () => {
    const { page } = await shop('#page=map&dependency=us1%2Forders%3Eeu1%2Fpayments');
    const panel = page.getByRole('dialog', { name: /orders.*→.*payments/ });
    await panel.getByText('node (pid 4711), port 8080').first().waitFor();
    expect(plain(await panel.innerText())).toMatch(/on us1-host-1, 10\.1\.0\.7 → .* on eu1-host-1/);
    await panel.getByRole('button', { name: 'Show', exact: true }).click();
    await panel.getByRole('img', { name: /Latency, p95: at most 31 ms, at last 31 ms/ }).waitFor();
    await panel.getByRole('button', { name: 'Ask again' }).waitFor();
  });
});

async function give(page: Page): Promise<void> {
  await page.getByLabel('Operator token').fill(token);
  await page.getByRole('button', { name: 'Save with it' }).click();
}
