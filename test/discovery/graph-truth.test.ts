import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findChromium, launch } from '../browser/browser.ts';
import { describeLab } from '../lab/describe-lab.ts';
import { patienceMs } from '../ring/until.ts';
import { untilPageShows } from './graph-on-page.ts';
import { graphTold, inOrder, untilGraph } from './graph-told.ts';
import { startDiscoveryRing, type DiscoveryRing } from './lab-ring.ts';
import { hasVeth, innerNetwork } from './network-namespace.ts';
import { hasNginx, startNginx } from './nginx.ts';
import { postgresPrograms, startPostgres } from './postgres.ts';

const chromium = await findChromium();

/** The same address at two sites, each of one network namespace: two containers that know nothing of each other. */
const inner = { address: '172.17.0.2', gateway: '172.17.0.1', port: 7000 };

describeLab('the graph of real programs at three locations', () => {
  let ring: DiscoveryRing;
  let browser: Browser | undefined;
  const truth = {
    services: [
      'ap1/kiosk: kiosk at ap1',
      'eu1/orders: orders at eu1 × 2',
      'eu1/redis-server: redis-server at eu1',
    ],
    dependencies: ['eu1/orders → eu1/redis-server redis'],
  };
  const isTrue = (services: string[], dependencies: string[]) => {
    truth.services.push(...services);
    truth.dependencies.push(...dependencies);
  };

  beforeAll(async () => {
    ring = await startDiscoveryRing('three-sites-two-hosts', { NETRING_OPEN_READING: '1' });
    const { lab } = ring;
    const [us1, ap1] = [lab.location('us1'), lab.location('ap1')];
    const [eu1a, eu1b] = [lab.location('eu1').host('a'), lab.location('eu1').host('b')];
    await eu1a.spawn('redis-server', [
      '--port',
      '6379',
      '--bind',
      '0.0.0.0',
      '--protected-mode',
      'no',
      '--save',
      '',
    ]);
    const asked = [`redis://${eu1a.address}:6379`];
    const askedByA: string[] = [];
    const askedByKiosk: string[] = [];
    const postgres = postgresPrograms();
    if (postgres !== undefined) {
      await startPostgres(ap1, postgres, ring.folder);
      asked.push(`postgres://${ap1.address}:5432`);
      isTrue(['ap1/postgres: postgres at ap1'], ['eu1/orders → ap1/postgres postgres']);
    }
    if (await hasVeth(eu1a)) {
      const listen = `listen=${inner.port}`;
      const [there, here] = [
        await innerNetwork(eu1a, inner.address, inner.gateway),
        await innerNetwork(ap1, inner.address, inner.gateway),
      ];
      await ring.startProgram(there, 'small-service', 'billing', [listen]);
      await ring.startProgram(here, 'small-service', 'catalog', [listen]);
      askedByA.push(`http://${inner.address}:${inner.port}/bills`);
      askedByKiosk.push(`http://${inner.address}:${inner.port}/items`);
      isTrue(
        ['eu1/billing: billing at eu1', 'ap1/catalog: catalog at ap1'],
        ['eu1/orders → eu1/billing tcp', 'ap1/kiosk → ap1/catalog tcp'],
      );
    }
    await ring.startProgram(eu1a, 'small-service', 'orders', ['listen=9000', ...asked, ...askedByA]);
    await ring.startProgram(eu1b, 'small-service', 'orders', ['listen=9000', ...asked]);
    const orders = [eu1a, eu1b].map(({ address }) => `${address}:9000`);
    let logs = {};
    if (hasNginx()) {
      const { log } = await startNginx(us1, ring.folder, 8080, orders);
      logs = { NETRING_ACCESS_LOGS: `${log} format=nginx-json` };
      askedByKiosk.push(`http://${us1.address}:8080/order?secret=1`);
      isTrue(['us1/nginx: nginx at us1'], ['ap1/kiosk → us1/nginx http', 'us1/nginx → eu1/orders http']);
    } else {
      askedByKiosk.push(...orders.map((place) => `http://${place}/order`));
      isTrue([], ['ap1/kiosk → eu1/orders tcp']);
    }
    await ring.startProgram(ap1, 'small-service', 'kiosk', ['every=50', ...askedByKiosk]);
    await Promise.all([
      ring.startMember(us1, 'us1', logs),
      ring.startMember(eu1a, 'eu1'),
      ring.startMember(eu1b, 'eu1'),
      ring.startMember(ap1, 'ap1'),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await ring?.close();
  });

  it('is the truth: every service and dependency, in its place and direction, replicas as one, nothing invented', async () => {
    const { tookMs } = await untilGraph(truth, () => ring.graph(), patienceMs, ring.logs);
    console.log(
      `${truth.services.length} services, ${truth.dependencies.length} dependencies: true after ${Math.round(tookMs)} ms`,
    );
    // What was seen only in passing would be drawn a moment later.
    for (let looks = 0; looks < 4; looks++) {
      await wait(1000);
      expect(graphTold(await ring.graph())).toEqual(inOrder(truth));
    }
  });

  const missing = chromium.kind === 'missing' ? ` (skipped: ${chromium.reason})` : '';
  it.skipIf(chromium.kind === 'missing')(
    `is what the page shows, on the map and in its table${missing}`,
    async () => {
      if (chromium.kind === 'missing') return;
      browser = await launch(chromium.path);
      const tookMs = await untilPageShows(browser, ring.reader.url, truth);
      console.log(`the page shows it after ${Math.round(tookMs)} ms`);
    },
  );
});
