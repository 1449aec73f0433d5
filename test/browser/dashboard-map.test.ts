import { describe, expect, test } from 'vitest';
import { clickUntil, drawn, plain } from './map-of.ts';
import { dependency, graphChange, graphOf, service, shopGraph } from './scripted-graph.ts';
import { fourLocations } from './scripted-ring.ts';
import { setStage, skipReason } from './stage.ts';

const map = { hash: '#page=map', graph: shopGraph() };
const second = 1_000;

describe.skipIf(skipReason !== '')(`the service map ${skipReason}`, () => {
  const stage = setStage();

  test('opens from the top bar, and what is clicked opens beside it', async () => {
    const { page } = await stage.show(fourLocations(), { graph: shopGraph() });
    await page.getByRole('button', { name: 'Services' }).click();
    await drawn(page, 10);
    await page.getByText('11 services, 10 dependencies, 4 to look at').waitFor();
    await page.getByRole('button', { name: 'Errors only' }).click();
    await drawn(page, 1);
    await clickUntil(page, [/^web \(us1\)$/, /^search \(ap1\)$/, /^web \(us1\) → search \(ap1\)$/]);
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
    await expect.poll(() => page.url()).not.toContain('map');
  });

  test('a dependency tells whose fault it is, why, and who else crosses the hop', async () => {
    const { page } = await stage.show(fourLocations(), {
      ...map,
      hash: '#page=map&dependency=us1%2Forders%3Eeu1%2Fpayments',
    });
    const panel = page.getByRole('dialog', { name: /orders.*→.*payments/ });
    await panel.getByText('the network', { exact: true }).waitFor();
    await panel.getByText('4 % is lost from hop 5', { exact: false }).first().waitFor();
    const words = plain(await panel.innerText());
    const shares = [/network (\d+) ms/, /application (\d+) ms/, /proxy ([\d.]+) ms/].map((share) =>
      Number(share.exec(words)?.[1]),
    );
    const total = Number(/total (\d+) ms/.exec(words)?.[1]);
    expect(shares.reduce((sum, one) => sum + one, 0)).toBe(total);
    expect(total).toBe(200);
    expect(words).toMatch(/hop 5, 192\.0\.2\.45, adds 96 ms, \d+ min old/);
    expect(words).toMatch(/94 Mbit\/s, \d+ min old/);
    expect(words).toMatch(/degraded us1-edge-a → eu1-edge-a/);
    await panel.getByRole('button', { name: /^web \(us1\) calls reports \(eu1\)/ }).click();
    await page.getByRole('dialog', { name: /web.*→.*reports/ }).waitFor();
    await page.getByRole('button', { name: 'Whole path, hop by hop' }).click();
    await expect.poll(() => page.url()).toContain('path-from=us1-edge-b&path-to=eu1-edge-a');
    await page.getByRole('button', { name: '← Services' }).click();
    await page.getByRole('dialog', { name: /web.*→.*reports/ }).waitFor();
  });

  test('a service tells where it runs, its callers and callees, and can be focused', async () => {
    const { page } = await stage.show(fourLocations(), { ...map, hash: '#page=map&service=us1%2Forders' });
    const panel = page.getByRole('dialog', { name: /orders/ });
    await panel.getByText('us1-host-1').waitFor();
    await panel
      .getByRole('button', { name: /^web \(us1\) calls orders \(us1\).*blame: the application/ })
      .waitFor();
    await panel.getByRole('button', { name: /calls 10\.9\.0\.3:5432/ }).waitFor();
    await panel.getByRole('button', { name: 'Focus on it' }).click();
    await drawn(page, 4);
    await page.getByLabel('Steps around it').selectOption('2');
    await drawn(page, 7);
    await expect.poll(() => page.url()).toContain('around=us1%2Forders&steps=2');
    await page.reload();
    await drawn(page, 7);
    await page.getByRole('dialog', { name: /orders/ }).waitFor();
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await drawn(page, 10);
  });

  test('an unresolved service lists who it may be', async () => {
    const { page } = await stage.show(fourLocations(), {
      ...map,
      hash: '#page=map&service=10.9.0.3%3A5432',
    });
    const panel = page.getByRole('dialog');
    await panel.getByText('none is guessed').waitFor();
    await panel.getByText('us2/ledger').waitFor();
  });

  test('problems, errors, a search and the table narrow it, and the link shows the same', async () => {
    const { page } = await stage.show(fourLocations(), map);
    await drawn(page, 10);
    await page.getByRole('button', { name: 'Problems only' }).click();
    await drawn(page, 4);
    await page.getByRole('searchbox').fill('payments');
    await drawn(page, 1);
    await page.getByRole('button', { name: 'Table' }).click();
    await expect.poll(() => page.getByRole('row').count()).toBe(2);
    expect(plain(await page.getByRole('row').last().innerText())).toMatch(
      /orders \(us1\) payments \(eu1\) http 10\/s p95 31 ms – slow degraded, 178 ms the network/,
    );
    await expect.poll(() => page.url()).toContain('show=problems&find=payments&as=table');
    await page.reload();
    await page.getByRole('cell', { name: 'the network' }).waitFor();
    await page.getByRole('searchbox').fill('nothing like it');
    await page.getByText('Nothing fits what is asked for').waitFor();
  });

  test('changes are on the screen within a second, and what is gone goes', async () => {
    const { page, registry } = await stage.show(fourLocations(), map);
    await drawn(page, 10);
    const { graph } = registry.script;
    const sentMs = performance.now();
    registry.send('graph', {
      ...graphChange(
        graph,
        [service('us1/mail')],
        [dependency('us1/orders', 'us1/mail', { health: 'failing' })],
      ),
      removed_services: ['ap1/old-index'],
      removed_dependencies: ['ap1/search>ap1/old-index', 'us1/orders>us1/cache'],
    });
    await drawn(page, 9);
    console.info(`a change of the graph is drawn after ${(performance.now() - sentMs).toFixed(0)} ms`);
    await page.getByRole('button', { name: /^orders \(us1\) calls mail \(us1\)/ }).waitFor();
    // Older than what is shown: it changes nothing.
    const removed = graph.dependencies.map(({ id }) => id);
    registry.send('graph', { ...graphChange(graph, [], []), now_ms: 1, removed_dependencies: removed });
    registry.send('graph', graphChange(graph, [service('us1/mail', { health: 'slow' })], []));
    await page.waitForTimeout(second);
    await drawn(page, 9);
  });

  test('requests flash, and the page says of how many', async () => {
    const { page, registry } = await stage.show(fourLocations(), map);
    await drawn(page, 10);
    const flash = (): void =>
      registry.send('requests', {
        now_ms: Date.now(),
        seen: 3_400,
        items: Array.from({ length: 12 }, (_, at) => ({
          network: 'tcp',
          from: 'web',
          to: 'orders',
          source_service: 'us1/web',
          target_service: 'us1/orders',
          dependency: 'us1/web>us1/orders',
          status: [200, 404, 503][at % 3] as number,
          at_ms: Date.now(),
          ingress: at % 2 === 0,
        })),
      });
    const isLit = `(() => {
      const canvas = document.querySelector('canvas[data-layer=moving]');
      return canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((one) => one > 0);
    })()`;
    flash();
    await page.getByText('showing 12 of 3400 requests').waitFor();
    await expect.poll(() => page.evaluate(isLit), { interval: 30 }).toBe(true);
    await expect.poll(() => page.evaluate(isLit)).toBe(false);
  });

  test('with the stream away the map stands still and says so; then it catches up', async () => {
    const { page, registry } = await stage.show(fourLocations(), map);
    await drawn(page, 10);
    registry.script.serving = false;
    registry.breakStreams();
    await page.getByRole('heading', { level: 1, name: /picture stands still/ }).waitFor();
    await page.locator('.frame.standing').waitFor();
    const graph = shopGraph();
    registry.script.graph = graphOf(Object.values(graph.services), graph.dependencies.slice(0, 3));
    registry.script.serving = true;
    await drawn(page, 3);
    await page.locator('.frame:not(.standing)').waitFor();
  });

  test('an empty graph says what to do', async () => {
    const { page, registry } = await stage.show(fourLocations(), { hash: '#page=map' });
    await page.getByText('No member looks at traffic yet').waitFor();
    await page.getByText('NETRING_DISCOVERY').waitFor();
    registry.send('graph', graphChange(registry.script.graph, [service('us1/first')], []));
    await drawn(page, 0);
  });
});
