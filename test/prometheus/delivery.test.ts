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
const patienceMs = 300_000;

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
          NETRING_UDP: '0',
          NETRING_TRACEROUTE_INTERVAL: '10',
          NETRING_BANDWIDTH_TEST_INTERVAL: '20',
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
    const firstOf = async (hope: string, is: (alert: ReceivedAlert) => boolean) =>
      (await come(hope, 'firing', is)).value.alerts.find(is);

    it('a cut and a death are told and taken back; who says goodbye is not told of, nor the paths to the dead', async () => {
      const startedMs = performance.now();
      await ring.lab.link('eu1', 'ap1').set({ cut: true });
      ring.further('us1-b').kill('SIGKILL');
      ring.further('us1-c').kill('SIGTERM');
      expect(await ring.further('us1-c').exited).toEqual({ code: 0, signal: null });

      const told = await Promise.all([
        come('the death', 'firing', ofMember('us1-b')),
        come('the cut', 'firing', named('NetringConnectivityDown', 'eu1>ap1')),
        come('its other way', 'firing', named('NetringConnectivityDown', 'ap1>eu1')),
      ]);
      await until('the paths to the dead are suppressed', patienceMs, suppressesPathsToTheDead, ring.told);
      await until(
        'nothing is left of who said goodbye',
        patienceMs,
        async () => (await ring.query('{instance="us1-c"} or {target_instance="us1-c"}')).length === 0,
        ring.told,
      );
      expect(ring.receiver.first('firing', ofMember('us1-c')), ring.told()).toBeUndefined();

      const healedMs = performance.now();
      await ring.lab.link('eu1', 'ap1').heal();
      await ring.startFurther('us1-b');
      const over = await Promise.all([
        come('the end of the death', 'resolved', ofMember('us1-b')),
        come('the end of the cut', 'resolved', named('NetringConnectivityDown', 'eu1>ap1')),
        come('that of its other way', 'resolved', named('NetringConnectivityDown', 'ap1>eu1')),
      ]);
      const after = (list: typeof told, sinceMs: number) =>
        list.map(({ value }) => ((value.atMs - sinceMs) / 1000).toFixed(1)).join(', ');
      console.log(
        `NetringMemberDown, NetringConnectivityDown both ways: delivered after ${after(told, startedMs)} s, ` +
          `taken back after ${after(over, healedMs)} s`,
      );
    }, 400_000);

    async function suppressesPathsToTheDead(): Promise<boolean> {
      const labels = await ring.suppressed();
      const ways = labels
        .filter(({ alertname }) => alertname === 'NetringConnectivityDown')
        .map(({ source_instance, target_instance }) => `${source_instance}>${target_instance}`);
      return ['us1-a>us1-b', 'ap1-a>us1-b', 'eu1-a>us1-b'].every((way) => ways.includes(way));
    }

    it(
      'a narrow link and a slow hop are told, with the rate and with the address of the hop',
      async () => {
        const slow = await firstOf('the slow hop', named('NetringHighLatencyHop', 'us1>ap1'));
        expect(slow?.labels.hop_ip).toMatch(/^10\.255\.0\.\d+$/);
        expect(slow?.annotations.summary).toMatch(
          new RegExp(`^Hop 2 \\(${slow?.labels.hop_ip}\\) adds \\d+\\.\\d ms from us1 to ap1 `),
        );
        const narrow = await firstOf('a narrow link', named('NetringLowBandwidth'));
        expect(narrow?.annotations.summary).toMatch(/^Only 1\d\.\d Mbit\/s from \w+ to \w+ /);
      },
      2 * patienceMs,
    );

    it(
      'every query of every Grafana panel has data',
      async () => {
        const hasData = async (expr: string) =>
          (await ring.query(expr)).some(({ value }) => !Number.isNaN(value));
        let empty: unknown;
        const { value } = await until(
          'data for every panel',
          patienceMs,
          async () => {
            const [tested] = await ring.query('netring_bandwidth_mbps');
            const { source_location: source = '', target_location: target = '' } = tested?.metric ?? {};
            const queries = panelQueries({ source, target, service: 'web' });
            const has = await Promise.all(queries.map(({ expr }) => hasData(expr)));
            empty = queries.filter((_, at) => has[at] !== true);
            return has.every((one) => one) && queries;
          },
          () => `without data: ${JSON.stringify(empty, null, 1)}\n${ring.told()}`,
        );
        console.log(`${value.length} queries of panels and variables have data`);
      },
      2 * patienceMs,
    );
  },
  { needs: 'prometheus-alertmanager' },
);
