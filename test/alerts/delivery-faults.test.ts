import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import { ofMember, ofPair, startToldRing, type ToldRing } from './told-ring.ts';

const cut = ofPair('NetringConnectivityDown', 'eu1', 'ap1');
const death = ofMember('NetringMemberDown', 'us1-b');
const slowHop = ofPair('NetringHighLatencyHop', 'us1', 'ap1');
const narrowLink = ofPair('NetringLowBandwidth', 'us1', 'eu1');

/** Limits for what hangs: five minutes that it must hold, and what it takes to be measured again. */
const patienceMs = 1_200_000;
/** As long as what is down must be down. */
const longestForMs = 130_000;

// A quarter of an hour, at the rules' own times, so that it runs only with `NETRING_TEST_LONG=1` (vitest.config.ts).
describeLab('the four faults through notifications, without Prometheus', () => {
  let ring: ToldRing;
  beforeAll(async () => {
    const members = { NETRING_BANDWIDTH_TEST_INTERVAL: '60', NETRING_TRACEROUTE_INTERVAL: '30' };
    ring = await startToldRing({ registry: {}, members });
  }, patienceMs);
  afterAll(() => ring?.close());

  const report = (name: string, tookS: number, overS: number) =>
    console.log(`${name}: ${tookS} s from fault to delivery; its end ${overS} s after healing`);

  it('a cut link and a killed member', { timeout: 2 * patienceMs }, async () => {
    const startedMs = performance.now();
    await ring.lab.link('eu1', 'ap1').set({ cut: true });
    ring.extra.b.kill('SIGKILL');
    const down = await ring.come('firing', cut, startedMs, patienceMs);
    const dead = await ring.come('firing', death, startedMs, patienceMs);
    const healedMs = performance.now();
    await ring.lab.link('eu1', 'ap1').heal();
    await ring.startExtra('b');
    const up = await ring.come('resolved', cut, healedMs, patienceMs);
    const alive = await ring.come('resolved', death, healedMs, patienceMs);
    report('NetringConnectivityDown', down.tookS, up.tookS);
    report('NetringMemberDown', dead.tookS, alive.tookS);
  });

  it(
    'a link limited to 20 Mbit/s, and 150 ms more at one hop; a goodbye is not told',
    { timeout: 2 * patienceMs },
    async () => {
      const startedMs = performance.now();
      await ring.lab.link('us1', 'eu1').set({ rateMbit: 20 });
      await ring.lab.link('us1', 'ap1').set({ delayMs: 45 + 75 });
      ring.extra.c.kill('SIGTERM');
      expect(await ring.extra.c.exited).toEqual({ code: 0, signal: null });
      const slow = await ring.come('firing', slowHop, startedMs, patienceMs);
      const narrow = await ring.come('firing', narrowLink, startedMs, patienceMs);
      const step = slow.notification.alerts.find(({ name }) => name === 'NetringHighLatencyHop');
      expect(step?.subject.hop_ip).toMatch(/^10\.255\.0\.\d+$/);
      expect(step?.summary).toContain(step?.subject.hop_ip);
      const rate = narrow.notification.alerts.find(({ name }) => name === 'NetringLowBandwidth');
      expect(rate?.summary).toMatch(/(us1 → eu1|eu1 → us1) carries [12]\d(\.\d+)? Mbit\/s/);
      const healedMs = performance.now();
      await ring.lab.link('us1', 'eu1').heal();
      await ring.lab.link('us1', 'ap1').heal();
      const fast = await ring.come('resolved', slowHop, healedMs, patienceMs);
      const wide = await ring.come('resolved', narrowLink, healedMs, patienceMs);
      report('NetringHighLatencyHop', slow.tookS, fast.tookS);
      report('NetringLowBandwidth', narrow.tookS, wide.tookS);
      // Whoever said goodbye had time enough to be missed.
      expect(healedMs - startedMs).toBeGreaterThan(longestForMs);
      const all = ring.receiver.messages();
      expect(
        all.filter((one) => JSON.stringify(one).includes('us1-c')),
        ring.told(),
      ).toEqual([]);
      const keys = all.map(({ key }) => key);
      expect(new Set(keys).size, ring.told()).toBe(keys.length);
    },
  );
});
