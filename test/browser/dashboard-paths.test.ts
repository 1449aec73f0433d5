import { describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { seriousFindings } from './axe.ts';
import { hostileRing } from './hostile-ring.ts';
import { alertsOf, slowHop } from './scripted-incidents.ts';
import { traceOf } from './scripted-path.ts';
import { fourLocations } from './scripted-ring.ts';
import { slowHopRing } from './slow-hop-ring.ts';
import { phone, setStage, skipReason } from './stage.ts';

const noSidewaysScroll = 'document.documentElement.scrollWidth <= Math.min(innerWidth, screen.width)';
const pathHash = '#path-from=us1-edge-a&path-to=eu1-edge-a';

describe.skipIf(skipReason !== '')(`measured paths ${skipReason}`, () => {
  const stage = setStage();

  test('each view of the matrix tells value, age and why', async () => {
    const { page } = await stage.show(slowHopRing());
    const cell = async (view: string): Promise<string> => {
      await page.getByRole('tab', { name: view, exact: true }).click();
      return page.getByRole('gridcell', { name: /us1\W+to\W+eu1/ }).innerText();
    };
    await expect.poll(() => cell('ICMP')).toMatch(/163\s*ms/);
    await expect.poll(() => cell('UDP')).toMatch(/163\s*ms[^]*5 % lost/);
    await expect.poll(() => cell('Bandwidth')).toMatch(/94\s*Mbit\/s\s+9 min/);
    await page.getByRole('gridcell', { name: /us1\W+to\W+eu1.*under 100 Mbit\/s/ }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await expect.poll(() => cell('Traceroute')).toMatch(/8\s*hops\s+\+80 ms at hop 5 · 2 min/);
    await page
      .getByRole('gridcell', { name: /us1\W+to\W+eu1.*worst step hop 5, .198\.51\.100\.77/ })
      .waitFor();
    await page.getByRole('gridcell', { name: /us1\W+to\W+shop.*no trace yet/ }).waitFor();
    await expect.poll(() => page.url()).toContain('view=traceroute');
  });

  test('filters are in the address bar, and a link shows the same', async () => {
    const { page, registry } = await stage.show(slowHopRing());
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByLabel('From').selectOption('us1');
    await expect.poll(() => rows(page)).toEqual(['us1']);
    await page.getByRole('button', { name: 'Problems only' }).press('Enter');
    await expect.poll(() => page.getByRole('gridcell').count()).toBe(1);
    await expect.poll(() => page.url()).toContain('#from=us1&only=problems');
    expect(await seriousFindings(page)).toEqual([]);
    await page.goto(`${registry.url}#above=140&below=165`);
    await page.reload();
    await expect.poll(() => page.getByRole('gridcell', { name: /ms|degraded/ }).count()).toBeGreaterThan(0);
    const shown = await page.getByRole('gridcell').allInnerTexts();
    for (const text of shown.filter((one) => /\d/.test(one))) {
      expect(Number(/(\d+)\s*ms/.exec(text)?.[1])).toBeGreaterThanOrEqual(140);
      expect(Number(/(\d+)\s*ms/.exec(text)?.[1])).toBeLessThanOrEqual(165);
    }
    await page.getByRole('button', { name: 'Filter off' }).press('Enter');
    await expect.poll(() => rows(page)).toEqual(['ap1', 'eu1', 'us1', 'us2']);
    await expect.poll(() => page.url()).not.toContain('above');
  });

  test('the pair panel leads to the path page, and "back" to the pair', async () => {
    const { page } = await stage.show(slowHopRing());
    await page.getByRole('gridcell', { name: /us1\W+to\W+eu1/ }).click();
    await page.getByRole('button', { name: /Whole path.*us1-edge-a to eu1-edge-a/ }).click();
    await page.getByRole('heading', { level: 2, name: /us1-edge-a.*→.*eu1-edge-a/ }).waitFor();
    await expect.poll(() => page.url()).toContain(pathHash);
    await page.getByRole('button', { name: 'See from the other end' }).press('Enter');
    await page.getByRole('heading', { level: 2, name: /eu1-edge-a.*→.*us1-edge-a/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
    await page.getByRole('dialog', { name: /us1.*→.*eu1/ }).waitFor();
  });

  test.for([
    ['wall', {}],
    ['phone', phone],
  ] as const)('the path page says where the worst step is, on a %s', async ([, options]) => {
    const { page } = await stage.show(slowHopRing(), { ...options, hash: pathHash });
    const there = page.getByRole('region', { name: 'Route there', exact: true });
    await there.getByText(/Worst step: hop 5/).waitFor();
    const worst = there.locator('tr.worst');
    await expect.poll(() => worst.count()).toBe(1);
    await expect.poll(() => worst.innerText()).toMatch(/198\.51\.100\.77[^]*worst step[^]*\+80 ms/);
    expect(await there.locator('tr.silent').innerText()).toContain('silent');
    await there.getByText(/Not the last good route/).waitFor();
    await page.getByText('3 of 16 flows lose 31 %, forward').waitFor();
    await page.getByText(/inconclusive: the byte budget ended it/).waitFor();
    await page.getByText(/limited by the receiver/).waitFor();
    await page
      .getByText(/hop 5: .*198\.51\.100\.41.* → .*198\.51\.100\.77/)
      .first()
      .waitFor();
    await page.locator('.uplot canvas').nth(3).waitFor();
    await page.getByRole('img', { name: /ICMP median: from 8\d ms to 16\d ms/ }).waitFor();
    await expect.poll(() => page.evaluate(noSidewaysScroll)).toBe(true);
    expect(await seriousFindings(page)).toEqual([]);
  });

  test('a trace on demand: refused with its reason, then with the operator token, then shown', async () => {
    const { page, registry } = await stage.show(slowHopRing(), { hash: pathHash });
    const there = page.getByRole('region', { name: 'Route there', exact: true });
    const fresh = traceOf(
      'us1-edge-a',
      'eu1-edge-a',
      [
        ['10.3.0.1', 0.6],
        ['10.2.0.11', 83],
      ],
      {
        at_ms: Date.now(),
        cause: 'asked',
      },
    );
    registry.script.trace = { kind: 'traces', operatorToken: 'let-me', trace: fresh };
    await there.getByRole('button', { name: 'Trace now' }).press('Enter');
    await there.getByText(/Not traced: .*NETRING_OPERATOR_TOKEN/).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await there.getByLabel('Operator token').fill('let-me');
    await page.keyboard.press('Enter');
    await there.getByText(/Traced just now/).waitFor();
    await there
      .getByText(/hop 2, .*10\.2\.0\.11.*, adds 82 ms of 83 ms/)
      .first()
      .waitFor();
    const { overview } = registry.script;
    const at_ms = Date.now();
    const location_paths = overview.location_paths.map((one) => ({ ...one, at_ms }));
    registry.send('paths', { now_ms: at_ms, location_paths, removed: [], coverage: overview.coverage });
    await page.waitForTimeout(300);
    expect(await there.getByText(/Traced just now/).count()).toBe(1);
    registry.script.trace = { kind: 'refused', status: 429, message: 'one trace of a path in 10 s' };
    await there.getByRole('button', { name: 'Trace now' }).press('Enter');
    await there.getByText('one trace of a path in 10 s').waitFor();
    expect(await there.getByLabel('Operator token').count()).toBe(0);
    registry.script.trace = { kind: 'traces', trace: undefined };
    await there.getByRole('button', { name: 'Trace now' }).press('Enter');
    await there.getByText(/Tracing, at most/).waitFor();
    await there.getByRole('button', { name: 'Stop waiting' }).press('Enter');
    await there.getByRole('button', { name: 'Trace now' }).waitFor();
  });

  test('routers tell their names when somebody asks', async () => {
    const { page } = await stage.show(slowHopRing(), { hash: pathHash });
    const asked: string[] = [];
    await page.route('**/api/names?*', (route) => {
      asked.push(route.request().url());
      return route.fulfill({ json: { names: { '198.51.100.77': 'slow.<b>transit</b>.example' } } });
    });
    const there = page.getByRole('region', { name: 'Route there', exact: true });
    await there.getByRole('button', { name: 'Names' }).press('Enter');
    await there.getByText('slow.<b>transit</b>.example').waitFor();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('address=198.51.100.41');
    await there.getByRole('button', { name: 'Names' }).press('Enter');
    await there.getByText('slow.<b>transit</b>.example').waitFor({ state: 'detached' });
  });

  test('two location pairs side by side, chosen by selects and kept in the address', async () => {
    const { page } = await stage.show(slowHopRing(), { hash: pathHash });
    await page.getByRole('button', { name: 'Compare' }).press('Enter');
    const right = page.getByRole('region', { name: 'Right path', exact: true });
    await right.locator('label', { hasText: /^From/ }).locator('select').selectOption('us2');
    await expect.poll(() => page.url()).toContain('beside-from=us2-edge-a');
    await right.locator('label', { hasText: /^To/ }).locator('select').selectOption('ap1');
    await expect.poll(() => page.url()).toContain('beside-to=ap1-edge-a');
    expect(page.url()).toContain(pathHash);
    await page.reload();
    for (const side of ['Left path', 'Right path']) {
      const one = page.getByRole('region', { name: side, exact: true });
      await one.getByRole('region', { name: `${side}: route`, exact: true }).waitFor();
      await one.getByRole('region', { name: 'Bandwidth' }).waitFor();
      await one.locator('.uplot canvas').nth(3).waitFor();
    }
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'One path' }).press('Enter');
    await page.getByRole('region', { name: 'Route back', exact: true }).waitFor();
  });

  test('the colour tells latency, as it is and against what is usual', async () => {
    const { page } = await stage.show(slowHopRing(), { hash: '#colour=usual&view=tcp' });
    const usual = (source: string, target: string, median_ms: number) => {
      return { source, target, target_kind: 'member', kind: 'tcp', median_ms, spread_ms: 1 };
    };
    await page.route('**/api/baselines', (route) =>
      route.fulfill({ json: { now_ms: 1, baselines: [usual('us1', 'us2', 30), usual('us2', 'us1', 62)] } }),
    );
    await page.reload();
    await page.getByRole('gridcell', { name: /us1\W+to\W+us2.*usually 30 ms: \+1\d\d %/ }).waitFor();
    await page.getByRole('gridcell', { name: /us2\W+to\W+us1.*usually 62 ms$/ }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Latency', exact: true }).click();
    await page.getByText('under 75 ms').waitFor();
    await expect.poll(() => page.url()).toContain('colour=absolute');
    await page.getByRole('gridcell', { name: /us1\W+to\W+us2/ }).hover();
    await page
      .getByRole('tooltip')
      .getByText(/newest result \d+ s old/)
      .waitFor();
  });

  test('a path that is not there says so', async () => {
    const { page } = await stage.show(fourLocations(), { hash: '#path-from=a&path-to=b' });
    await page.getByText('no such path').waitFor();
    await page.getByRole('button', { name: '← All paths' }).click();
    await page.getByRole('grid').waitFor();
  });

  test('incidents come, take the headline, and go; silenced ones stand apart', async () => {
    const { page, registry } = await stage.show(fourLocations());
    await page.getByRole('heading', { level: 1, name: /are up/ }).waitFor();
    registry.send('alerts', alertsOf([slowHop()]));
    await page.getByRole('heading', { level: 1, name: /80 ms slower than usual/ }).waitFor();
    await expect
      .poll(() => page.locator('[data-incident=slow-hop]').innerText())
      .toMatch(/since .*, for 35 min · 3 alerts/);
    expect(await seriousFindings(page)).toEqual([]);
    registry.send('alerts', { ...alertsOf([slowHop({ silenced: true })]), now_ms: Date.now() + 1 });
    await page.getByRole('heading', { level: 1, name: /are up/ }).waitFor();
    await page.getByText('1 silenced incident').click();
    await page
      .getByText(/80 ms slower than usual/)
      .first()
      .waitFor();
    registry.send('alerts', { ...alertsOf([slowHop({ state: 'resolved' })]), now_ms: Date.now() + 2 });
    await page.getByRole('region', { name: /Open incidents/ }).waitFor({ state: 'detached' });
  });

  test('the list of alerts: firing, pending, resolved', async () => {
    const { page, registry } = await stage.show(slowHopRing());
    await page.getByRole('button', { name: 'Alerts', exact: true }).click();
    const part = (name: string) => page.getByRole('region', { name, exact: true });
    await part('firing').getByText('us1 → eu1: hop 5 (198.51.100.77) adds 80 ms', { exact: true }).waitFor();
    await part('firing')
      .getByText(/connectivity down, critical.*silenced/)
      .waitFor();
    await part('pending').getByText('us2 → eu1 loses 1.2 %', { exact: true }).waitFor();
    await part('resolved')
      .getByText(/goes another way/)
      .first()
      .waitFor();
    await part('silences').getByText('Work on the uplink of ap1', { exact: true }).waitFor();
    await expect.poll(() => page.url()).toContain('page=alerts');
    expect(await seriousFindings(page)).toEqual([]);
    // What resolved while nothing was heard is told by no incident.
    registry.script.overview = fourLocations();
    registry.script.alerts = () => ({ now_ms: Date.now() + 1_000, incidents: [], alerts: [], silences: [] });
    registry.breakStreams();
    await part('firing').getByText('None.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('grid').waitFor();
  });

  test.for([
    ['wall', {}],
    ['phone', phone],
  ] as const)('hostile names on the path page and in incidents, on a %s', async ([, options]) => {
    const evil = `<img src=x onerror=alert(1)> \u202eevil ${'x'.repeat(5_000)}`;
    const picture = hostileRing();
    picture.incidents = [slowHop({ summary: evil })];
    const from = '"><script>alert(1)</script><b class=evil>-member';
    const to = `${'x'.repeat(10_000)}-member`;
    const hash = `#${new URLSearchParams({ 'path-from': from, 'path-to': to }).toString()}`;
    const { page } = await stage.show(picture, { ...options, hash });
    await page.getByRole('region', { name: 'Route there', exact: true }).waitFor();
    await expect.poll(() => page.evaluate(noSidewaysScroll)).toBe(true);
    expect(await page.locator('main img, main script, main b.evil').count()).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    const headline = await page.locator('.headline').boundingBox();
    expect(headline?.height).toBeLessThan(320);
  });
});

/** The source locations that the matrix shows. */
async function rows(page: Page): Promise<string[]> {
  return page.getByRole('rowheader').allInnerTexts();
}
