import { causeKey, explains } from '@netring/registry/alerts/causes';
import { groundOf } from '@netring/registry/alerts/ground';
import { groupByCause } from '@netring/registry/alerts/grouping';
import type { AlertState } from '@netring/registry/alerts/evaluate';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutBothWays, isolate, openOf, simulateRing, watchFor } from './simulated-ring.ts';

const sites = ['ap1', 'eu1', 'eu2', 'sa1', 'us1', 'us2'];
const told = (state: AlertState) => openOf(state).map(({ cause, summary }) => [cause.kind, summary]);

describe('what is told of', () => {
  test('one site of six that is cut off, with nothing heard from it: one incident that names it', () => {
    const ring = simulateRing(sites);
    const state = watchFor(400, ring, (second) => {
      if (second !== 10) return;
      isolate(ring, 'eu1');
      ring.unheard.add('eu1');
    });
    expect(told(state)).toEqual([
      [
        'location',
        'eu1 is cut off: all 5 location paths to and from it are down, and the registry hears nobody there',
      ],
    ]);
    expect(openOf(state)[0]?.severity).toBe('critical');
    expect(state.active.map(({ rule }) => rule)).toContain('member_down');
  });

  test('the site of the registry that is cut off: one incident that names it, and no wave of deaths', () => {
    const ring = simulateRing(sites);
    const ever = new Set<string>();
    const onLook = ({ incidents }: AlertState) => incidents.forEach(({ id }) => ever.add(id));
    const state = watchFor(
      400,
      ring,
      (second) => {
        if (second !== 10) return;
        isolate(ring, 'us1');
        for (const site of sites) if (site !== 'us1') ring.unheard.add(site);
      },
      { onLook },
    );
    expect(ever.size).toBe(1);
    expect(told(state)).toEqual([
      [
        'location',
        'us1 is cut off: all 5 location paths to and from it are down, and the registry hears nobody from elsewhere',
      ],
    ]);
    expect(state.active.filter(({ rule }) => rule === 'member_down')).toEqual([]);
  });

  test('three members of six that fall silent together while others reach them: the registry hears nobody from them', () => {
    const ring = simulateRing(sites);
    const state = watchFor(400, ring, (second) => {
      if (second === 10) for (const site of ['ap1', 'eu1', 'sa1']) ring.unheard.add(site);
    });
    expect(told(state)).toEqual([
      [
        'registry',
        'the registry hears nobody from ap1, eu1 and sa1: 3 of 6 members fell silent together (50 %)',
      ],
    ]);
  });

  test('one member that falls silent while others reach it: its control path', () => {
    const ring = simulateRing(sites);
    const state = watchFor(200, ring, (second) => second === 10 && ring.unheard.add('sa1'));
    expect(told(state)).toEqual([
      ['member', 'the registry does not hear sa1-a (sa1), which other members reach'],
    ]);
  });

  test('a link that is cut both ways: the pair', () => {
    const ring = simulateRing(sites);
    const state = watchFor(200, ring, (second) => second === 10 && cutBothWays(ring, 'eu1', 'ap1'));
    expect(told(state)).toEqual([
      ['location_pair', 'ap1 and eu1 do not reach each other: both ways are down'],
    ]);
  });

  test('loss on all ways towards a site, and on none from it: the direction', () => {
    const ring = simulateRing(sites);
    const state = watchFor(200, ring, () => {
      for (const site of sites) if (site !== 'sa1') ring.loss.set(`${site}>sa1`, 0.3);
    });
    expect(told(state)).toEqual([
      ['direction', 'all 5 location paths towards sa1 lose packets, on that way alone'],
    ]);
  });

  test('a site that is cut off and another that loses packets: each by its own name', () => {
    const ring = simulateRing(sites);
    isolate(ring, 'eu1');
    for (const site of sites) {
      if (site === 'ap1') continue;
      ring.loss.set(`ap1>${site}`, 0.2);
      ring.loss.set(`${site}>ap1`, 0.2);
    }
    const found = told(watchFor(200, ring)).map(([, summary]) => summary);
    expect(found.sort()).toEqual([
      'ap1 is in trouble: of its 5 location paths 1 is down and 4 lose packets',
      'eu1 is cut off: all 5 location paths to and from it are down',
    ]);
  });

  test('two sites that are cut off: each has all its paths down', () => {
    const ring = simulateRing(sites);
    isolate(ring, 'eu1');
    isolate(ring, 'ap1');
    const found = told(watchFor(200, ring)).map(([, summary]) => summary);
    expect(found.sort()).toEqual([
      'ap1 is cut off: all 5 location paths to and from it are down',
      'eu1 is cut off: all 5 location paths to and from it are down',
    ]);
  });

  test.each([
    ['before the first is told', 60],
    ['after it was told', 300],
  ])('a member that is cut off, and %s its only neighbour: one incident, which grows', (_, laterS) => {
    const ring = simulateRing(['ap1', 'eu1', 'us1'], ['a', 'b']);
    const ids = new Set<string>();
    const open: number[] = [];
    const onLook = ({ incidents }: AlertState) => {
      incidents.forEach(({ id }) => ids.add(id));
      open.push(incidents.filter((one) => one.state === 'open').length);
    };
    const change = (second: number) => {
      if (second === 10) ring.cutMembers.add('us1-a');
      if (second === 10 + laterS) ring.cutMembers.add('us1-b');
    };
    const state = watchFor(700, ring, change, { onLook });
    expect(told(state)).toEqual([
      ['location', 'us1 is cut off: both location paths to and from it are down'],
    ]);
    expect([ids.size, open.slice(open.indexOf(1)).every((one) => one === 1)]).toEqual([1, true]);
    // What its paths tell is told by them alone.
    expect(state.active.filter(({ subject }) => subject.source !== undefined)).toEqual([]);
  });

  test('a member that does not reach a site, and then its neighbour neither: the pair takes over without a gap', () => {
    const ring = simulateRing(['ap1', 'eu1'], ['a', 'b']);
    const open: string[][] = [];
    const onLook = (state: AlertState) => void open.push(openOf(state).map(({ cause }) => cause.kind));
    const change = (second: number) => {
      if (second === 10) ring.cutMembers.add('eu1-a');
      if (second === 300) ring.cutMembers.add('eu1-b');
    };
    watchFor(700, ring, change, { onLook });
    const since = open.slice(open.findIndex((kinds) => kinds.length > 0));
    expect(since.filter((kinds) => kinds.length !== 1).length).toBeLessThanOrEqual(2);
    expect(since.filter((kinds) => kinds.length === 0)).toEqual([]);
    expect([since[0], since.at(-1)]).toEqual([['member'], ['location_pair']]);
  });

  test('a site that comes back path by path: the same incident to the end, told twice', () => {
    const ring = simulateRing(sites);
    isolate(ring, 'eu1');
    const ids = new Set<string>();
    const changes = new Set<number>();
    const onLook = ({ incidents }: AlertState) => {
      for (const one of incidents) {
        ids.add(one.id);
        changes.add(one.changedMs);
      }
    };
    const cutOff = watchFor(300, ring, undefined, { onLook });
    const heal = (second: number) => {
      const site = sites[second / 40];
      if (site !== undefined) for (const way of [`eu1>${site}`, `${site}>eu1`]) ring.cut.delete(way);
    };
    const partly = watchFor(150, ring, heal, { from: cutOff, onLook });
    expect(told(partly)[0]?.[1]).toMatch(/^eu1 was cut off: of its 5 location paths \d (is|are) down still$/);
    const healed = watchFor(200, ring, (second) => heal(second + 150), { from: partly, onLook });
    expect(openOf(healed)).toEqual([]);
    expect([ids.size, changes.size]).toEqual([1, 2]);
  });
});

describe('a flapping link', () => {
  test.each([
    ['5 s up, 5 s down', 5, 5],
    ['8 s up, 4 s down', 8, 4],
    ['20 s up, 10 s down', 20, 10],
  ])('%s for ten minutes: one incident, at most two changes', (_, upS, downS) => {
    const ring = simulateRing(sites);
    const ids = new Set<string>();
    const changes = new Set<string>();
    watchFor(
      600,
      ring,
      (second) => {
        if (second % (upS + downS) >= upS) cutBothWays(ring, 'us1', 'eu1');
        else ring.cut.clear();
      },
      {
        onLook: ({ incidents }) => {
          for (const one of incidents) {
            ids.add(one.id);
            changes.add(`${one.id} ${one.changedMs}`);
          }
        },
      },
    );
    expect(ids.size).toBe(1);
    expect(changes.size).toBeLessThanOrEqual(2);
  });

  test('that goes on slowly is one incident, which after its return is over only when it was quiet for ten minutes', () => {
    const ring = simulateRing(sites);
    const ids = new Set<string>();
    const changes = new Set<number>();
    const onLook = ({ incidents }: AlertState) => {
      for (const one of incidents) {
        ids.add(one.id);
        changes.add(one.changedMs);
      }
    };
    // 200 s down, 100 s up, for an hour.
    const after = watchFor(
      3600,
      ring,
      (second) => {
        if (second % 300 < 200) cutBothWays(ring, 'us1', 'eu1');
        else ring.cut.clear();
      },
      { onLook },
    );
    expect([ids.size, openOf(after).length]).toEqual([1, 1]);
    expect(changes.size).toBeLessThanOrEqual(3);
    ring.cut.clear();
    expect(openOf(watchFor(700, ring, undefined, { from: after, onLook }))).toEqual([]);
  });
});

describe('whatever is cut', () => {
  const cutSet = fc.record({
    isolated: fc.uniqueArray(fc.constantFrom(...sites), { maxLength: 3 }),
    links: fc.array(fc.tuple(fc.constantFrom(...sites), fc.constantFrom(...sites)), { maxLength: 6 }),
    lossy: fc.array(fc.tuple(fc.constantFrom(...sites), fc.constantFrom(...sites)), { maxLength: 6 }),
    unheard: fc.uniqueArray(fc.constantFrom(...sites), { maxLength: 4 }),
  });
  type CutSet = typeof cutSet extends fc.Arbitrary<infer T> ? T : never;

  function ringWith({ isolated, links, lossy, unheard }: CutSet) {
    const ring = simulateRing(sites);
    for (const site of isolated) isolate(ring, site);
    for (const [a, b] of links) if (a !== b) cutBothWays(ring, a, b);
    for (const [a, b] of lossy) if (a !== b) ring.loss.set(`${a}>${b}`, 0.2);
    watchFor(5, ring);
    for (const site of unheard) ring.unheard.add(site);
    return ring;
  }

  test('no alert is in two incidents, every one that fires is in one, and its cause explains it', () => {
    fc.assert(
      fc.property(cutSet, (cuts) => {
        const state = watchFor(240, ringWith(cuts));
        const alerts = new Map(state.active.map((one) => [one.id, one]));
        const places = new Map<string, string[]>();
        for (const one of openOf(state)) {
          for (const id of one.alerts) {
            places.set(id, [...(places.get(id) ?? []), one.id]);
            const alert = alerts.get(id);
            if (alert !== undefined) expect(explains(one.cause, alert)).toBe(true);
          }
          expect(one.summary).not.toBe('');
        }
        for (const { id, state: at } of alerts.values())
          if (at === 'firing') expect(places.get(id)).toHaveLength(1);
        for (const ids of places.values()) expect(ids).toHaveLength(1);
        const keys = openOf(state).map(({ cause }) => causeKey(cause));
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 40 },
    );
  });

  test('the order of the alerts means nothing, and what is known stays with its id', () => {
    fc.assert(
      fc.property(cutSet, fc.infiniteStream(fc.nat()), (cuts, numbers) => {
        const ring = ringWith(cuts);
        const state = watchFor(240, ring);
        const shuffled = [...state.active]
          .map((one) => ({ one, at: Number(numbers.next().value) }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const ground = groundOf(ring.seen(state.lookedAtMs));
        expect(groupByCause(shuffled, ground)).toEqual(groupByCause(state.active, ground));
        const later = watchFor(30, ring, undefined, { from: state });
        const ids = new Set(openOf(later).map(({ id }) => id));
        for (const { id } of openOf(state)) expect(ids).toContain(id);
      }),
      { numRuns: 15 },
    );
  });

  test('a single site that is cut off is named, whatever else loses packets elsewhere', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sites), cutSet, (site, { lossy }) => {
        const ring = ringWith({ isolated: [site], links: [], lossy, unheard: [] });
        const found = openOf(watchFor(200, ring)).filter(({ severity }) => severity === 'critical');
        expect(found.map(({ cause }) => cause)).toEqual([{ kind: 'location', subject: { location: site } }]);
      }),
      { numRuns: 15 },
    );
  });
});
