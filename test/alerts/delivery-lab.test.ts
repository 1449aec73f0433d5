import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLab } from '../lab/describe-lab.ts';
import { secretPath } from './http-receiver.ts';
import { ofMember, ofPair, startToldRing, type ToldRing } from './told-ring.ts';

const cut = ofPair('NetringConnectivityDown', 'eu1', 'ap1');
const death = ofMember('NetringMemberDown', 'us1-b');

/** A limit for what hangs. */
const patienceMs = 300_000;

/** The order of the defaults within seconds. The four faults by default are in delivery-faults.test.ts. */
const quickRegistry = {
  NETRING_ALERT_CONNECTIVITY_DOWN_FOR: '3',
  NETRING_ALERT_MEMBER_DOWN_FOR: '2',
  NETRING_ALERT_REGISTRY_DEAF_SEVERITY: 'off',
  NETRING_ALERT_BAD_LOOKS: '2',
  NETRING_ALERT_OF_LOOKS: '3',
  NETRING_ALERT_GROUP_WAIT: '1',
};
const quickMember = {
  NETRING_CHECK_INTERVAL: '1',
  NETRING_HEARTBEAT_INTERVAL: '2',
};

describeLab('notifications of a ring in the lab, without Prometheus', () => {
  let ring: ToldRing;
  beforeAll(async () => {
    ring = await startToldRing({ registry: quickRegistry, members: quickMember });
  }, 800_000);
  afterAll(() => ring?.close());

  it('tell a cut and a death once, and the end of both, and nothing of who says goodbye', async () => {
    const startedMs = performance.now();
    await ring.lab.link('eu1', 'ap1').set({ cut: true });
    ring.extra.b.kill('SIGKILL');
    ring.extra.c.kill('SIGTERM');
    expect(await ring.extra.c.exited).toEqual({ code: 0, signal: null });

    const dead = await ring.come('firing', death, startedMs, patienceMs);
    const down = await ring.come('firing', cut, startedMs, patienceMs);

    const healedMs = performance.now();
    await ring.lab.link('eu1', 'ap1').heal();
    await ring.startExtra('b');
    const alive = await ring.come('resolved', death, healedMs, patienceMs);
    const up = await ring.come('resolved', cut, healedMs, patienceMs);
    console.log(
      `from fault to delivery: NetringMemberDown ${dead.tookS} s, NetringConnectivityDown ${down.tookS} s; ` +
        `taken back ${alive.tookS} s and ${up.tookS} s after healing`,
    );
    const all = ring.receiver.messages();
    expect(
      all.filter((one) => JSON.stringify(one).includes('us1-c')),
      ring.told(),
    ).toEqual([]);
    const words = all.map(({ incident, state }) => `${incident.id} ${state}`);
    expect(new Set(words).size, ring.told()).toBe(words.length);
    expect(ring.logs()).not.toContain(secretPath);
  }, 1_200_000);
});
