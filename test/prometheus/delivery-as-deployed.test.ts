import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import { until } from '../ring/until.ts';
import { startMonitoredRing, type MonitoredRing } from './monitored-ring.ts';
import { asDeployed } from './paces.ts';
import type { ReceivedAlert } from './received.ts';
import { named, ofMember } from './watched-alerts.ts';

/** What happens, what is told of it, and how it is healed. */
interface Fault {
  name: string;
  /** All of these are told, and taken back. */
  alerts: ((alert: ReceivedAlert) => boolean)[];
  says: RegExp;
  happens: (ring: MonitoredRing) => Promise<unknown>;
  heals: (ring: MonitoredRing) => Promise<unknown>;
}

const bothWays = (name: string, a: string, b: string) => [named(name, `${a}>${b}`), named(name, `${b}>${a}`)];

const faults: readonly Fault[] = [
  {
    name: 'us1-eu1 limited to 20 Mbit/s',
    alerts: bothWays('NetringLowBandwidth', 'us1', 'eu1'),
    says: /^Only 1\d\.\d Mbit\/s from \w+ to \w+ /,
    happens: ({ lab }) => lab.link('us1', 'eu1').set({ rateMbit: 20 }),
    heals: ({ lab }) => lab.link('us1', 'eu1').heal(),
  },
  {
    name: '150 ms more at the hop between us1 and ap1',
    alerts: bothWays('NetringHighLatencyHop', 'us1', 'ap1'),
    says: /^Hop 2 \(10\.255\.0\.\d+\) adds \d+\.\d ms from \w+ to \w+ /,
    happens: ({ lab }) => lab.link('us1', 'ap1').set({ delayMs: 120 }),
    heals: ({ lab }) => lab.link('us1', 'ap1').heal(),
  },
  {
    name: 'eu1-ap1 cut',
    alerts: bothWays('NetringConnectivityDown', 'eu1', 'ap1'),
    says: /^No TCP connection from \w+ to \w+ /,
    happens: ({ lab }) => lab.link('eu1', 'ap1').set({ cut: true }),
    heals: ({ lab }) => lab.link('eu1', 'ap1').heal(),
  },
  {
    name: 'ap1-a killed',
    alerts: [ofMember('ap1-a')],
    says: /^Member ap1-a of ap1 does not answer Prometheus: up is 0$/,
    async happens(ring) {
      ring.member('ap1').kill('SIGKILL');
      await ring.member('ap1').exited;
    },
    heals: (ring) => ring.startMember('ap1'),
  },
];

/** Tests of bandwidth by turns, five minutes of `for`, five of a group's interval, and room. */
const patienceMs = 30 * 60_000;

describeLab(
  'alerts through Prometheus and Alertmanager, as deployed',
  () => {
    let ring: MonitoredRing;
    beforeAll(async () => {
      ring = await startMonitoredRing(asDeployed, {
        members: { NETRING_BANDWIDTH_TEST_INTERVAL: '60', NETRING_TRACEROUTE_INTERVAL: '60' },
      });
    });
    afterAll(() => ring?.close());

    const secondsSince = (fromMs: number, toMs: number) => Math.round((toMs - fromMs) / 1000);

    /** Messages that came since, with an alert that is meant. */
    const all = async (hope: string, status: ReceivedAlert['status'], { alerts }: Fault, sinceMs: number) => {
      const found = alerts.map((is) =>
        until(
          hope,
          patienceMs,
          () =>
            Promise.resolve(
              ring.receiver
                .messages()
                .find(
                  ({ atMs, alerts: told }) =>
                    atMs > sinceMs && told.some((alert) => alert.status === status && is(alert)),
                ),
            ),
          ring.told,
        ),
      );
      return (await Promise.all(found)).map(({ value }) => value);
    };

    it.each(faults.map((fault) => [fault.name, fault] as const))(
      '%s: told, and taken back',
      async (name, fault) => {
        const faultMs = performance.now();
        await fault.happens(ring);
        const told = await all(`${name} to be told`, 'firing', fault, faultMs);
        const said = told[0]?.alerts.find((alert) => fault.alerts.some((is) => is(alert)));
        expect(said?.annotations.summary).toMatch(fault.says);
        const healedMs = performance.now();
        await fault.heals(ring);
        const over = await all(`${name} to be taken back`, 'resolved', fault, healedMs);
        const tookS = told.map(({ atMs }) => secondsSince(faultMs, atMs));
        const backS = over.map(({ atMs }) => secondsSince(healedMs, atMs));
        console.log(`${name}: delivered after ${tookS.join(', ')} s; taken back after ${backS.join(', ')} s`);
      },
      2 * patienceMs,
    );

    it(
      'a member that says goodbye: nothing',
      async () => {
        const stoppedMs = performance.now();
        ring.further('us1-c').kill('SIGTERM');
        expect(await ring.further('us1-c').exited).toEqual({ code: 0, signal: null });
        await until('nothing left of it', patienceMs, async () => {
          const left = await ring.query('{instance="us1-c"} or {target_instance="us1-c"}');
          return left.length === 0;
        });
        const told = ring.receiver.messages().filter(({ atMs }) => atMs > stoppedMs);
        expect(
          told.flatMap(({ alerts }) => alerts).filter(({ labels }) => labels.instance === 'us1-c'),
        ).toEqual([]);
      },
      patienceMs,
    );
  },
  { needs: 'prometheus-alertmanager' },
);
