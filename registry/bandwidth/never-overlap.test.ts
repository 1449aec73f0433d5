import { leaseTimes } from '@netring/contract/lease';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simulate, type Mishap } from './simulated-ring.ts';

const kinds = [
  'flush',
  'store clock',
  'leader dies',
  'leader pauses',
  'member crash',
  'member pause',
  'store away',
] as const;

const mishap: fc.Arbitrary<Mishap> = fc.record({
  atMs: fc.integer({ min: 0, max: 3_600_000 }),
  kind: fc.constantFrom(...kinds),
  who: fc.nat(11),
  /** Of a pause, or of a jump of the clock. */
  ms: fc.integer({ min: -3_600_000, max: 3_600_000 }),
});

test('12 members for an hour: whatever breaks, no two tests share a member or an uplink', async () => {
  let tests = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(mishap, { maxLength: 40 }), fc.integer(), async (mishaps, seed) => {
      const run = await simulate({ members: 12, locations: 5, hours: 1, mishaps, seed });
      expect(run.overlaps).toEqual([]);
      tests += run.tests;
    }),
    { numRuns: 40, endOnFailure: true },
  );
  expect(tests).toBeGreaterThan(40);
}, 120_000);

test('with nothing broken every location path is tested, again and again', async () => {
  const run = await simulate({ members: 12, locations: 5, hours: 1, mishaps: [], seed: 1 });
  expect(run.overlaps).toEqual([]);
  expect(run.locationPaths).toBe(20);
  expect(run.tests).toBeGreaterThan(60);
});

test('the times of a lease leave no gap', () => {
  const { beginWithin, farEnd, deadline, held } = leaseTimes;
  expect(beginWithin + farEnd).toBeLessThan(deadline);
  expect(deadline).toBeLessThan(held);
});
