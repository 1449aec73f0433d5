import { describe, expect, test } from 'vitest';
import { seriousFindings } from './axe.ts';
import { shopGraph } from './scripted-graph.ts';
import { fourLocations, member, overview, path } from './scripted-ring.ts';
import { phone, setStage, skipReason } from './stage.ts';

const second = 1_000;

describe.skipIf(skipReason !== '')(`dashboard states ${skipReason}`, () => {
  const stage = setStage();

  test('each member status has its word, its shape and its colour', async () => {
    const nowS = Date.now() / 1000;
    const { page } = await stage.show(
      overview(
        [
          member('m-online', 'us1'),
          member('m-stale', 'us1', { status: 'stale', last_seen: nowS - 50 }),
          member('m-offline', 'us1', { status: 'offline', last_seen: nowS - 400, peers: 'reachable' }),
          member('m-gone', 'us1', { status: 'deregistered', deregistered_at: nowS - 120 }),
        ],
        [path('us1', 'eu1', 12)],
      ),
    );
    const colours = {
      online: 'rgb(63, 185, 127)',
      stale: 'rgb(237, 185, 60)',
      offline: 'rgb(255, 107, 112)',
      deregistered: 'rgb(180, 151, 247)',
    };
    for (const [status, colour] of Object.entries(colours)) {
      const card = page.locator(`[data-member].${status}`);
      const word = card.getByText(status, { exact: true });
      await word.waitFor();
      const painted = await page.evaluate(
        `getComputedStyle(document.querySelector('[data-member].${status} .status')).color`,
      );
      expect([status, painted]).toEqual([status, colour]);
      expect(await card.locator(`.shape.${status}`).count()).toBe(1);
    }
    await page.getByText('said goodbye 2 min ago').waitFor();
    await page.getByText(/lost its control path to the registry/).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });

  test('each cell of the matrix tells its state in words', async () => {
    const unproved = { ok: 0, degraded: 0, down: 0, unknown: 0, unproved: 1 };
    const { page } = await stage.show(
      fourLocations({
        'us1 eu1': { state: 'down', reasons: ['TCP connect timed out twice'] },
        'us1 us2': { state: 'degraded' },
        'us1 ap1': { answering: false },
        'us2 eu1': { state: 'unknown', reasons: ['No result for 3 min'] },
        'us2 us1': { state: 'unknown', paths: unproved, checks: [] },
      }),
    );
    const cell = (from: string, to: string): Promise<string> =>
      page.getByRole('gridcell', { name: new RegExp(`^\\W*${from}\\W+to\\W+${to}\\W`) }).innerText();
    await expect.poll(() => cell('us1', 'eu1')).toMatch(/down\s+100 % lost/);
    await expect.poll(() => cell('us1', 'us2')).toMatch(/62\s*ms\s+degraded/);
    await expect.poll(() => cell('us1', 'ap1')).toMatch(/ms\s+not answering/);
    await expect.poll(() => cell('us2', 'eu1')).toMatch(/unknown/);
    await expect.poll(() => cell('us2', 'us1')).toMatch(/unproved/);
    await expect.poll(() => cell('eu1', 'us1')).toMatch(/84\s*ms/);
    await page.getByRole('heading', { level: 1, name: /us1.*→.*eu1.* is down/ }).waitFor();
    await expect.poll(() => page.title()).toMatch(/^✕ /);
    expect(await seriousFindings(page)).toEqual([]);
  });

  test('views show one kind of probe, and the address bar says which', async () => {
    const { page } = await stage.show(fourLocations());
    await page.getByRole('tab', { name: 'HTTP' }).click();
    await page.getByRole('gridcell', { name: /us1\W+to\W+us2\W.*HTTP median 13\d ms/ }).waitFor();
    await expect.poll(() => page.url()).toContain('#view=http');
    await page.reload();
    await page.getByRole('tab', { name: 'HTTP', selected: true }).waitFor();
  });

  test('a change is on the screen within a second', async () => {
    const { page, registry } = await stage.show(fourLocations());
    await page.getByRole('gridcell', { name: /us1\W+to\W+eu1\W.*84 ms/ }).waitFor();
    const change = async (more: Parameters<typeof path>[3], heading: RegExp): Promise<number> => {
      const sent = performance.now();
      registry.send('paths', {
        now_ms: Date.now(),
        location_paths: [path('us1', 'eu1', 84, more)],
        removed: [],
        coverage: registry.script.overview.coverage,
      });
      await page.getByRole('heading', { level: 1, name: heading }).waitFor();
      return performance.now() - sent;
    };
    // A machine that stands still meanwhile gets up to four more attempts.
    const tookMs: number[] = [];
    while (tookMs.length < 5 && !tookMs.some((one) => one < second)) {
      if (tookMs.length > 0) await change({}, /are up/);
      tookMs.push(await change({ state: 'down', since_ms: Date.now(), reasons: ['cut'] }, /is down/));
    }
    expect(Math.min(...tookMs)).toBeLessThan(second);
    await page.getByRole('log').getByText('is down').waitFor({ state: 'attached' });
  });

  test('a lost stream is said, the picture dimmed, and everything caught up when it is back', async () => {
    const { page, registry } = await stage.show(fourLocations());
    await page.getByText('live', { exact: true }).waitFor();
    registry.script.serving = false;
    registry.breakStreams();
    await page.getByRole('heading', { level: 1, name: /No word from the registry since/ }).waitFor();
    await page.locator('[data-standing=true]').waitFor();
    await page.getByText('The registry is starting').waitFor();
    expect(await seriousFindings(page)).toEqual([]);

    registry.script.overview = fourLocations({ 'ap1 eu1': { state: 'down', reasons: ['cut meanwhile'] } });
    registry.script.serving = true;
    await page.getByRole('heading', { level: 1, name: /ap1.*→.*eu1.* is down/ }).waitFor();
    await page.locator('[data-standing=false]').waitFor();
    await expect.poll(() => registry.streams()).toBe(1);
  });

  test('a stream that goes silent is lost too', async () => {
    const { page, registry } = await stage.show(fourLocations());
    await page.getByText('live', { exact: true }).waitFor();
    // It is said for half a second, until the stream is opened anew: a busy machine may not look just then.
    await page.evaluate(`new MutationObserver(() => {
      if (document.querySelector('.headline').textContent.includes('The registry has gone silent'))
        document.body.dataset.silent = 'told';
    }).observe(document.querySelector('.headline'), { subtree: true, childList: true, characterData: true })`);
    registry.script.ticking = false;
    await page.locator('[data-silent=told]').waitFor();
    // It is opened anew, and the snapshot that comes says that all is well.
    await page.getByRole('heading', { level: 1, name: /are up/ }).waitFor();
    await expect.poll(() => registry.streams()).toBe(1);
  });

  test('a stream that was refused is tried again, though the question why is never answered', async () => {
    const { page, registry } = await stage.show(fourLocations());
    await page.getByText('live', { exact: true }).waitFor();
    // Neither fulfilled nor refused: as behind a proxy whose upstream hangs.
    const asked = new Promise<void>((resolve) => void page.route('**/api/overview', () => resolve()));
    registry.script.serving = false;
    registry.breakStreams();
    await asked;
    registry.script.serving = true;
    await page.getByRole('heading', { level: 1, name: /are up/ }).waitFor();
    await expect.poll(() => registry.streams()).toBe(1);
  });

  test('a store that is away is said with its reason, and taken back', async () => {
    const { page, registry } = await stage.show(fourLocations());
    await page.getByText('live', { exact: true }).waitFor();
    const nowMs = Date.now();
    const away = {
      state: 'away',
      since_ms: nowMs - 5_000,
      reason: 'Redis at 10.0.0.5:6379 refuses',
    } as const;
    registry.send('store', { now_ms: nowMs, store: away });
    await page.getByRole('heading', { level: 1, name: /store is away since/ }).waitFor();
    await page.getByText('Redis at 10.0.0.5:6379 refuses').waitFor();
    await page.locator('[data-standing=true]').waitFor();
    registry.send('store', { now_ms: Date.now(), store: { state: 'ok', since_ms: Date.now() } });
    await page.getByRole('heading', { level: 1, name: /are up/ }).waitFor();
  });

  test('services that are refused are not left out silently, and are asked for until they come', async () => {
    const { page } = await stage.show(fourLocations(), { graph: shopGraph() });
    const error = { code: 'not_ready', message: 'the picture is not loaded yet' };
    await page.route('**/topology', (route) => route.fulfill({ status: 503, json: { error } }));
    await page.reload();
    await page.getByText(/services are not known: .*the picture is not loaded yet/).waitFor();
    await page.unroute('**/topology');
    await page.getByRole('region', { name: 'Services' }).waitFor();
    await page.getByText(/services are not known/).waitFor({ state: 'detached' });
  });

  test('hiding members is in the address bar, and the headline stays true', async () => {
    const picture = fourLocations();
    picture.members.push(member('z-off', 'us1', { status: 'offline', peers: 'unreachable' }));
    const { page } = await stage.show(picture);
    await page.getByText('z-off', { exact: true }).last().waitFor();
    await page.getByRole('button', { name: 'Offline', pressed: true }).click();
    await page.locator('[data-member="z-off"]').waitFor({ state: 'detached' });
    await expect.poll(() => page.url()).toContain('offline=hide');
    await page.getByRole('heading', { level: 1, name: /z-off.* is offline/ }).waitFor();
  });

  test('the view token is asked for once', async () => {
    const { page, registry } = await stage.show(fourLocations());
    await page.getByText('live', { exact: true }).waitFor();
    registry.script.viewToken = 'open-sesame';
    await page.reload();
    await page.getByRole('textbox', { name: 'Token' }).fill('wrong');
    await page.getByRole('button', { name: 'Show the dashboard' }).click();
    await page.getByText('This is not the view token').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Token' }).fill('open-sesame');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /are up/ }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: /are up/ }).waitFor();
  });

  test('an empty ring says what to do next', async () => {
    const { page, registry } = await stage.show(overview([], []), phone);
    await page.getByRole('heading', { name: 'Start the first member' }).waitFor();
    await page.getByText(`NETRING_REGISTRY_URL=${registry.url.replace(/\/$/, '')}`).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
  });
});
