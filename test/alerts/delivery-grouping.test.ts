import type { Silence } from '@netring/contract/alert';
import { notification } from '@netring/contract/notification';
import { receiversOf } from '@netring/registry/alerts/delivery/receiver';
import type { Receiver } from '@netring/registry/alerts/delivery/receiver';
import { describe, expect, test } from 'vitest';
import { simulateDelivery, toldBy } from './simulated-delivery.ts';
import { cutBothWays, isolate, simulateRing, watchFor, type SimulatedRing } from './simulated-ring.ts';

const six = ['ap1', 'eu1', 'eu2', 'sa1', 'us1', 'us2'];
const three = ['ap1', 'eu1', 'us1'];
const twenty = Array.from({ length: 20 }, (_, at) => `site${String(at + 1).padStart(2, '0')}`);

const settings = {
  alertWebhookUrls: ['http://127.0.0.1:9/hook'],
  alertSlackUrls: [],
  alertmanagerUrls: [],
  alertWebhookSecret: undefined,
  alertGroupWait: 10,
  alertGroupInterval: 300,
  alertRepeat: 14_400,
  publicUrl: undefined,
};
const webhook = receiversOf(settings)[0] as Receiver;

/** Cut off and unheard from its tenth second on. */
const cutOff = (ring: SimulatedRing, site: string) => (second: number) => {
  if (second !== 10) return;
  isolate(ring, site);
  ring.unheard.add(site);
};

describe('one site that is cut off', () => {
  test.each([
    ['six', six, 'eu1', 5],
    ['twenty', twenty, 'site07', 19],
  ])('of %s: one notification that names it, and one when it is back', (_, sites, site, others) => {
    const ring = simulateRing(sites);
    const delivery = simulateDelivery(webhook);
    const cut = watchFor(200, ring, cutOff(ring, site), { onLook: delivery.onLook });
    const sentence = `${site} is cut off: all ${others} location paths to and from it are down, and the registry hears nobody there`;
    expect(toldBy(delivery)).toEqual([`firing opened: ${sentence}`]);
    const [first] = delivery.arrived;
    expect(notification.safeParse(first).error).toBeUndefined();
    expect(first?.incident).toMatchObject({
      severity: 'critical',
      cause: { kind: 'location', subject: { location: site } },
    });
    ring.cut.clear();
    ring.unheard.clear();
    watchFor(60, ring, undefined, { from: cut, onLook: delivery.onLook });
    expect(delivery.arrived.map(({ state, incident }) => [state, incident.id])).toEqual([
      ['firing', first?.incident.id],
      ['resolved', first?.incident.id],
    ]);
  });

  test('what lost packets and is down then: told twice, within one incident', () => {
    const ring = simulateRing(three);
    const delivery = simulateDelivery(webhook);
    const change = (second: number) => {
      if (second === 10) for (const way of ['us1>eu1', 'eu1>us1']) ring.loss.set(way, 0.2);
      if (second === 200) cutBothWays(ring, 'us1', 'eu1');
    };
    watchFor(800, ring, change, { onLook: delivery.onLook });
    expect(delivery.arrived.map(({ reason, incident }) => [reason, incident.id])).toEqual([
      ['opened', delivery.arrived[0]?.incident.id],
      ['changed', delivery.arrived[0]?.incident.id],
    ]);
    expect(delivery.arrived[1]?.summary).toContain('do not reach each other');
  });

  test('after one of its paths was told: the wider cause once, and the end of each', () => {
    const ring = simulateRing(six);
    const delivery = simulateDelivery(webhook);
    const { onLook } = delivery;
    const change = (second: number) => {
      if (second === 10) cutBothWays(ring, 'eu1', 'us1');
      if (second === 20) cutBothWays(ring, 'eu1', 'us2');
      if (second === 250) isolate(ring, 'eu1');
      if (second === 900) ring.cut.clear();
    };
    watchFor(1_000, ring, change, { onLook });
    const firing = delivery.arrived.filter(({ state }) => state === 'firing');
    expect(firing.filter(({ incident }) => incident.cause.kind === 'location')).toHaveLength(1);
    const ids = new Set(firing.map(({ incident }) => incident.id));
    const over = delivery.arrived.filter(({ state }) => state === 'resolved');
    expect(new Set(over.map(({ incident }) => incident.id))).toEqual(ids);
    expect(over).toHaveLength(ids.size);
    expect(new Set(delivery.arrived.map(({ key }) => key)).size).toBe(delivery.arrived.length);
  });
});

describe('a link that flaps for ten minutes', () => {
  test.each([
    ['5 s up, 5 s down', 5, 5],
    ['20 s up, 10 s down', 20, 10],
    ['100 s up, 200 s down', 100, 200],
    ['45 s up, 150 s down', 45, 150],
  ])('%s: at most two notifications', (_, upS, downS) => {
    const ring = simulateRing(three);
    const delivery = simulateDelivery(webhook);
    watchFor(
      600,
      ring,
      (second) => {
        if (second % (upS + downS) >= upS) cutBothWays(ring, 'us1', 'eu1');
        else ring.cut.clear();
      },
      { onLook: delivery.onLook },
    );
    expect(delivery.arrived.length).toBeLessThanOrEqual(2);
    expect(delivery.arrived.length).toBeGreaterThan(0);
  });

  test.each([[200, 100]])(
    '%i s down, %i s up, for an hour: at most two in any ten minutes, and its end',
    (downS, upS) => {
      const ring = simulateRing(three);
      const delivery = simulateDelivery(webhook);
      const { onLook, arrived } = delivery;
      const after = watchFor(
        3_600,
        ring,
        (second) => {
          if (second % (upS + downS) < downS) cutBothWays(ring, 'us1', 'eu1');
          else ring.cut.clear();
        },
        { onLook },
      );
      ring.cut.clear();
      watchFor(1_300, ring, undefined, { from: after, onLook });
      for (const { at_ms } of arrived)
        expect(
          arrived.filter((one) => one.at_ms >= at_ms && one.at_ms < at_ms + 600_000).length,
        ).toBeLessThanOrEqual(2);
      expect(arrived.at(-1)?.state).toBe('resolved');
    },
  );
});

describe('what nobody is told', () => {
  const maintenance = (from_ms: number, to_ms: number): Silence => ({
    id: 's',
    kind: 'maintenance',
    matcher: { location: 'eu1' },
    from_ms,
    to_ms,
    comment: 'new line card',
    created_ms: 0,
  });

  test('a site that is cut off in its maintenance', () => {
    const ring = simulateRing(six);
    const delivery = simulateDelivery(webhook, { silences: [maintenance(0, 1e15)] });
    watchFor(
      900,
      ring,
      (second) => {
        cutOff(ring, 'eu1')(second);
        if (second === 600) {
          ring.cut.clear();
          ring.unheard.clear();
        }
      },
      { onLook: delivery.onLook },
    );
    expect(toldBy(delivery)).toEqual([]);
  });

  test('that it is over, while it is silenced; that is made up for afterwards', () => {
    const ring = simulateRing(six);
    const before = simulateDelivery(webhook);
    const cut = watchFor(400, ring, cutOff(ring, 'eu1'), { onLook: before.onLook });
    const endsMs = cut.lookedAtMs + 300_000;
    const silences = [maintenance(cut.lookedAtMs, endsMs)];
    const during = simulateDelivery(webhook, { silences, from: before.stored() });
    ring.cut.clear();
    ring.unheard.clear();
    watchFor(600, ring, undefined, { from: cut, onLook: during.onLook });
    expect(before.arrived.map(({ state }) => state)).toEqual(['firing']);
    expect(during.arrived.map(({ state }) => state)).toEqual(['resolved']);
    expect(during.arrived[0]?.at_ms).toBeGreaterThanOrEqual(endsMs);
  });

  test('what is over before the wait is', () => {
    const ring = simulateRing(six);
    const delivery = simulateDelivery(webhook);
    // Bad for so long that it fires, and well again before anybody was told.
    const quick = receiversOf({ ...settings, alertGroupWait: 120 })[0] as Receiver;
    const slow = simulateDelivery(quick);
    const onLook = (state: Parameters<typeof delivery.onLook>[0]) => {
      delivery.onLook(state);
      slow.onLook(state);
    };
    watchFor(400, ring, (second) => (second < 150 ? cutBothWays(ring, 'us1', 'eu1') : ring.cut.clear()), {
      onLook,
    });
    expect(delivery.arrived.map(({ state }) => state)).toEqual(['firing', 'resolved']);
    expect(slow.arrived).toEqual([]);
  });
});

describe('another leader, or the same after a restart', () => {
  test('goes on from what was told: no duplicate, no loss', () => {
    const ring = simulateRing(six);
    const arrived: string[] = [];
    let stored: string | undefined;
    let state = watchFor(1, ring);
    // A new one every seven seconds.
    for (let at = 0; at < 40; at++) {
      const delivery = simulateDelivery(webhook, stored === undefined ? {} : { from: stored });
      if (at === 2) cutOff(ring, 'eu1')(10);
      if (at === 26) {
        ring.cut.clear();
        ring.unheard.clear();
      }
      state = watchFor(7, ring, undefined, {
        from: JSON.parse(JSON.stringify(state)) as typeof state,
        onLook: delivery.onLook,
      });
      stored = delivery.stored();
      arrived.push(...delivery.arrived.map(({ state }) => state));
    }
    expect(arrived).toEqual(['firing', 'resolved']);
  });

  test('who has lost what was told sends it once more, by the same key', () => {
    const ring = simulateRing(six);
    const first = simulateDelivery(webhook);
    const cut = watchFor(400, ring, cutOff(ring, 'eu1'), { onLook: first.onLook });
    const second = simulateDelivery(webhook);
    watchFor(60, ring, undefined, { from: cut, onLook: second.onLook });
    expect(second.arrived.map(({ key }) => key)).toEqual(first.arrived.map(({ key }) => key));
  });
});
