import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import { until } from '../ring/until.ts';
import { panelQueries } from './grafana-panels.ts';
import { startMonitoredRing, type MonitoredRing } from './monitored-ring.ts';
import { quick, twoFaults } from './paces.ts';
import type { ReceivedAlert } from './received.ts';
import { sendRequests } from './requests.ts';
import { named, ofMember } from './watched-alerts.ts';

/** A limit for what hangs; bandwidth tests that a busy machine spoils are made again within it. */
const patienceMs = 120_000;

describeLab(
  'alerts through Prometheus and Alertmanager, in the lab',
  () => {
    let ring: MonitoredRing;
    let stopRequests: () => void;

    beforeAll(async () => {
      ring = await startMonitoredRing(quick, {
        ...twoFaults,
        members: {
          NETRING_CHECK_INTERVAL: '1',
          NETRING_TCP_TIMEOUT: '1',
          NETRING_HTTP_TIMEOUT: '1',
          NETRING_HEARTBEAT_INTERVAL: '2',
          NETRING_TRACEROUTE_INTERVAL: '10',
          NETRING_BANDWIDTH_TEST_INTERVAL: '15',
        },
        member: { us1: { NETRING_DISCOVERY: 'true', NETRING_SAMPLE_INTERVAL: '1' } },
      });
      stopRequests = sendRequests((await ring.lab.location('us1').expose(4318)).port);
    });
    afterAll(async () => {
      stopRequests?.();
      await ring?.close();
    });

    const come = (hope: string, status: ReceivedAlert['status'], is: (alert: ReceivedAlert) => boolean) =>
      until(hope, patienceMs, () => Promise.resolve(ring.receiver.first(status, is)), ring.told);

    it('a narrow link and a slow hop are told, with the rate and with the address of the hop', async () => {
      const slow = await come('the slow hop', 'firing', named('NetringHighLatencyHop', 'us1>ap1'));
      const hop = slow.value.alerts.find(named('NetringHighLatencyHop', 'us1>ap1'));
      expect(hop?.labels.hop_ip).toMatch(/^10\.255\.0\.\d+$/);
      expect(hop?.annotations.summary).toMatch(
        new RegExp(`^Hop 2 \\(${hop?.labels.hop_ip}\\) adds 2[34]\\d\\.\\d ms from us1 to ap1 `),
      );
      const narrow = await come('the narrow link', 'firing', named('NetringLowBandwidth', 'us1>eu1'));
      const found = narrow.value.alerts.find(named('NetringLowBandwidth', 'us1>eu1'));
      expect(found?.annotations.summary).toMatch(/^Only 1\d\.\d Mbit\/s from us1 to eu1 /);
    }, 300_000);

    it('every query of every Grafana panel has data', async () => {
      const queries = panelQueries({ source: 'us1', target: 'eu1', service: 'web' });
      const empty = async () => {
        const asked = await Promise.all(
          queries.map(async (one) => ({ one, found: await ring.query(one.expr) })),
        );
        const isData = (found: { value: number }[]) => found.some(({ value }) => !Number.isNaN(value));
        return asked.filter(({ found }) => !isData(found)).map(({ one }) => one);
      };
      let last: unknown;
      const { tookMs } = await until(
        'data for every panel',
        patienceMs,
        async () => {
          const now = await empty();
          last = now;
          return now.length === 0;
        },
        () => `${JSON.stringify(last, null, 1)}\n${ring.logs().slice(-3000)}`,
      );
      console.log(`${queries.length} queries of panels have data, after ${Math.round(tookMs)} ms`);
    }, 300_000);

    it('a cut and a death are told and taken back; who says goodbye is not told of, nor the paths to the dead', async () => {
      const startedMs = performance.now();
      const after = (ms: number) => ((ms - startedMs) / 1000).toFixed(1);
      await ring.lab.link('eu1', 'ap1').set({ cut: true });
      ring.member('us1').kill('SIGKILL');
      ring.second.kill('SIGTERM');
      expect(await ring.second.exited).toEqual({ code: 0, signal: null });

      const dead = await come('the death', 'firing', ofMember('us1-a'));
      const cuts = await Promise.all(
        ['eu1>ap1', 'ap1>eu1'].map((way) =>
          come(`the cut ${way}`, 'firing', named('NetringConnectivityDown', way)),
        ),
      );
      await until(
        'the paths to the dead are suppressed',
        patienceMs,
        async () => {
          const labels = await ring.suppressed();
          const ways = labels
            .filter(({ alertname }) => alertname === 'NetringConnectivityDown')
            .map(({ source_instance, target_instance }) => `${source_instance}>${target_instance}`);
          return ['ap1-a>us1-a', 'eu1-a>us1-a'].every((way) => ways.includes(way));
        },
        ring.told,
      );
      await until(
        'nothing is left of who said goodbye',
        patienceMs,
        async () => (await ring.query('{instance="us1-b"} or {target_instance="us1-b"}')).length === 0,
        ring.told,
      );
      expect(ring.receiver.first('firing', ofMember('us1-b')), ring.told()).toBeUndefined();

      await ring.lab.link('eu1', 'ap1').heal();
      await ring.startMember('us1');
      const healedMs = performance.now();
      const over = [
        await come('the end of the death', 'resolved', ofMember('us1-a')),
        await come('the end of the cut', 'resolved', named('NetringConnectivityDown', 'eu1>ap1')),
        await come('its other way', 'resolved', named('NetringConnectivityDown', 'ap1>eu1')),
      ];
      const tookBack = over.map(({ value }) => ((value.atMs - healedMs) / 1000).toFixed(1));
      console.log(
        `s from fault to delivery: NetringMemberDown ${after(dead.value.atMs)}, ` +
          `NetringConnectivityDown ${cuts.map(({ value }) => after(value.atMs)).join(' and ')}; ` +
          `taken back ${tookBack.join(', ')} s after healing`,
      );
    }, 400_000);
  },
  { needs: 'prometheus-alertmanager' },
);
