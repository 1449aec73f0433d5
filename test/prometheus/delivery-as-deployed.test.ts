import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import { until } from '../ring/until.ts';
import { startMonitoredRing, type MonitoredRing } from './monitored-ring.ts';
import { asDeployed } from './paces.ts';
import type { Message, ReceivedAlert } from './received.ts';
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

/** None of them has a part in another, so that they happen together. */
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
    happens: ({ lab }) => lab.link('us1', 'ap1').set({ delayMs: 45 + 75 }),
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
    name: 'us1-b killed',
    alerts: [ofMember('us1-b')],
    says: /^Member us1-b of us1 does not answer Prometheus: up is 0$/,
    async happens(ring) {
      ring.further('us1-b').kill('SIGKILL');
      await ring.further('us1-b').exited;
    },
    heals: (ring) => ring.startFurther('us1-b'),
  },
];

/** Five minutes of `for`, five of a group's interval, tests of bandwidth by turns, and room. */
const patienceMs = 25 * 60_000;

// A quarter of an hour, at the times of the files in deployment/, so that it runs only with `NETRING_TEST_LONG=1`
// (vitest.config.ts).
describeLab(
  'the four faults through Prometheus and Alertmanager, as deployed',
  () => {
    let ring: MonitoredRing;
    beforeAll(async () => {
      ring = await startMonitoredRing(asDeployed, {
        members: { NETRING_BANDWIDTH_TEST_INTERVAL: '60', NETRING_TRACEROUTE_INTERVAL: '60' },
      });
    }, patienceMs);
    afterAll(() => ring?.close());

    /** The messages that came since `sinceMs` with what is meant, and after how many seconds. */
    const all = async (status: ReceivedAlert['status'], { name, alerts }: Fault, sinceMs: number) => {
      const found = await Promise.all(
        alerts.map((is) => {
          const isMeant = (one: Message) => one.atMs > sinceMs && tells(one, status, is);
          const look = () => Promise.resolve(ring.receiver.messages().find(isMeant));
          return until(`${name}: ${status}`, patienceMs, look, ring.told);
        }),
      );
      const tookS = found.map(({ value }) => Math.round((value.atMs - sinceMs) / 1000)).join(', ');
      return { first: found[0]?.value, tookS };
    };
    const tells = (one: Message, status: ReceivedAlert['status'], is: (alert: ReceivedAlert) => boolean) =>
      one.alerts.some((alert) => alert.status === status && is(alert));

    it(
      'are told, each in its words, and taken back; who says goodbye is not told of',
      async () => {
        const startedMs = performance.now();
        for (const { happens } of faults) await happens(ring);
        ring.further('us1-c').kill('SIGTERM');
        expect(await ring.further('us1-c').exited).toEqual({ code: 0, signal: null });
        const told = await Promise.all(faults.map((fault) => all('firing', fault, startedMs)));
        for (const [at, { name, alerts, says }] of faults.entries()) {
          const said = told[at]?.first?.alerts.find((alert) => alerts.some((is) => is(alert)));
          expect(said?.annotations.summary, name).toMatch(says);
        }
        const healedMs = performance.now();
        for (const { heals } of faults) await heals(ring);
        const over = await Promise.all(faults.map((fault) => all('resolved', fault, healedMs)));
        for (const [at, { name }] of faults.entries())
          console.log(
            `${name}: delivered after ${told[at]?.tookS} s; taken back ${over[at]?.tookS} s after healing`,
          );
        const messages = ring.receiver.messages();
        console.log(messages.map(wordsOf).join('\n'));
        expect(messages.filter((one) => JSON.stringify(one).includes('us1-c'))).toEqual([]);
      },
      2 * patienceMs + 60_000,
    );
  },
  { needs: 'prometheus-alertmanager' },
);

function wordsOf({ status, groupLabels, alerts, atMs }: Message): string {
  return `${Math.round(atMs / 1000)} s: ${groupLabels.alertname} ${status}, ${alerts.length} alerts`;
}
