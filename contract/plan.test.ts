import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPlanner, defaultPlanOptions, planFor, type Planned } from './plan.ts';

function ring(locations: number, each: number): Planned[] {
  return Array.from({ length: locations * each }, (_, i) => ({
    instance_id: `member-${i}`,
    location: `site${i % locations}`,
  }));
}

const inDegrees = (members: Planned[], pick: (self: string) => Planned[]) => {
  const degrees = new Map(members.map((member) => [member.instance_id, 0]));
  for (const { instance_id } of members)
    for (const target of pick(instance_id))
      degrees.set(target.instance_id, (degrees.get(target.instance_id) ?? 0) + 1);
  return [...degrees.values()];
};

describe('the plan', () => {
  test('is a full mesh up to 32 members', () => {
    const members = ring(4, 8);
    for (const { instance_id } of members) expect(planFor(members, instance_id, 0).fixed).toHaveLength(31);
  });

  test('gives nothing to a member that is not in the list', () => {
    expect(planFor(ring(2, 2), 'stranger', 0)).toEqual({ fixed: [], rotating: [] });
  });

  test.each([
    [3, 20],
    [10, 100],
    [40, 2],
    [33, 1],
  ])(
    'of %i locations with %i members each covers every location path and leaves nobody unprobed',
    (locations, each) => {
      const members = ring(locations, each);
      const planner = createPlanner(members);
      const covered = new Set<string>();
      for (const { instance_id, location } of members)
        for (const target of planner(instance_id, 0).fixed) covered.add(`${location} ${target.location}`);
      for (let a = 0; a < locations; a++)
        for (let b = 0; b < locations; b++) if (a !== b) expect(covered).toContain(`site${a} site${b}`);
      const degrees = inDegrees(members, (self) => planner(self, 0).fixed);
      expect(Math.min(...degrees)).toBeGreaterThanOrEqual(defaultPlanOptions.ringSpan);
    },
  );

  test('grows with members times span, not with members squared', () => {
    const members = ring(10, 100);
    const planner = createPlanner(members);
    const sizes = members.map(({ instance_id }) => planner(instance_id, 0).fixed.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(defaultPlanOptions.ringSpan + 2);
  });

  test('reaches every pair in the long run through its rotating part', () => {
    const members = ring(2, 20);
    const planner = createPlanner(members);
    const seen = new Set<string>();
    for (let epoch = 0; epoch < 40; epoch++) {
      const plan = planner('member-0', epoch);
      for (const target of [...plan.fixed, ...plan.rotating]) seen.add(target.instance_id);
    }
    expect(seen.size).toBe(members.length - 1);
  });

  test('begins with the heaviest traffic, and probes exactly whom it probed without', () => {
    const site = fc.integer({ min: 0, max: 9 }).map((at) => `site${at}`);
    const heaviest = fc.array(fc.record({ source: site, target: site }), { maxLength: 12 });
    const ids = (targets: readonly Planned[]) => targets.map((one) => one.instance_id).sort();
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(50),
        heaviest,
        (locations, each, epoch, pairs) => {
          const members = ring(locations, each);
          const planner = createPlanner(members);
          for (const { instance_id, location } of members) {
            const before = planner(instance_id, epoch);
            const after = planFor(members, instance_id, epoch, defaultPlanOptions, pairs);
            expect(ids(after.fixed)).toEqual(ids(before.fixed));
            expect(ids(after.rotating)).toEqual(ids(before.rotating));
            const rank = (target: Planned) => {
              const isPair = ({ source, target: to }: { source: string; target: string }) =>
                (source === location && to === target.location) ||
                (to === location && source === target.location);
              const at = pairs.findIndex(isPair);
              return at === -1 ? Infinity : at;
            };
            for (const part of [after.fixed, after.rotating])
              for (let at = 1; at < part.length; at++)
                expect(rank(part[at - 1] as Planned)).toBeLessThanOrEqual(rank(part[at] as Planned));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('does not depend on the order of the list', () => {
    const members = ring(5, 10);
    expect(planFor([...members].reverse(), 'member-7', 3)).toEqual(planFor(members, 'member-7', 3));
  });
});
