import { defaultPlanOptions, planFor } from '@netring/contract/plan';
import { describe, expect, test } from 'vitest';
import { createDirectory, type Directory, type MemberRecord } from '../membership/index.ts';
import { createPathBook, type PathBook } from './path-book.ts';
import { createPicture } from './picture.ts';

const nowMs = 1_000_000;

interface Ring {
  directory: Directory;
  book: PathBook;
  members: { instance_id: string; location: string }[];
}

function ringOf(count: number, locations: number): Ring {
  const directory = createDirectory(300_000, false);
  const members = Array.from({ length: count }, (_, n) => ({
    instance_id: `m${String(n).padStart(3, '0')}`,
    location: `l${n % locations}`,
  }));
  for (const member of members) {
    const record: MemberRecord = {
      ...member,
      ip: '192.0.2.1',
      port: 1,
      registered_at_ms: 0,
      heartbeat_interval_ms: 15_000,
      check_interval_ms: 5_000,
      external_targets: [],
      registered_from: '192.0.2.1',
    };
    void directory.apply([{ kind: 'member', record } as never], undefined as never);
  }
  return { directory, book: createPathBook(), members };
}

function saw({ book }: Ring, source: string, target: string, atMs = nowMs): void {
  const time = { id: source, boot: 'b', n: 0, seq: 0, startedMs: 0, sentMs: 2_000, receivedMs: atMs };
  const totals = { target, checks: 1, failed: 0, voided: 0, sent: 1, lost: 0, latency: [] };
  book.take(time, { ...totals, last: { kind: 'tcp', outcome: 'ok', ended_ms: 2_000 } });
}

const coverage = ({ directory, book }: Ring) => createPicture(directory, book, false).planCoverage(nowMs);

describe.each([
  { count: 3, locations: 3, leastInDegree: 2, planned: 6 },
  { count: 32, locations: 4, leastInDegree: 31, planned: 32 * 31 },
  { count: 40, locations: 5, leastInDegree: defaultPlanOptions.ringSpan, planned: undefined },
  { count: 100, locations: 8, leastInDegree: defaultPlanOptions.ringSpan, planned: undefined },
])('a ring of $count members at $locations locations', ({ count, locations, leastInDegree, planned }) => {
  test('has the pairs that its members plan, and nobody is left out', () => {
    const ring = ringOf(count, locations);
    const sum = ring.members.reduce(
      (all, { instance_id }) => all + planFor(ring.members, instance_id, 0).fixed.length,
      0,
    );
    const found = coverage(ring);
    expect(found.members).toBe(count);
    expect(found.pairs).toEqual({ all: count * (count - 1), planned: planned ?? sum, measured: 0 });
    expect(sum).toBe(found.pairs.planned);
    expect(found.least_in_degree).toBeGreaterThanOrEqual(leastInDegree);
  });

  test('leaves no pair of locations unmeasured once everybody has measured its plan', () => {
    const ring = ringOf(count, locations);
    const pairs = locations * (locations - 1) + (count > locations ? locations : 0);
    expect(coverage(ring).unmeasured_location_pairs).toHaveLength(Math.min(100, pairs));
    for (const { instance_id } of ring.members) {
      for (const target of planFor(ring.members, instance_id, 0).fixed)
        saw(ring, instance_id, target.instance_id);
    }
    const found = coverage(ring);
    expect(found.unmeasured_location_pairs).toEqual([]);
    expect(found.pairs.measured).toBe(found.pairs.planned);
    expect(found.oldest.length).toBeLessThanOrEqual(100);
    expect(new Set(found.oldest.map(({ age_ms }) => age_ms))).toEqual(new Set([0]));
  });
});

test('what was never measured comes first, then the oldest', () => {
  const ring = ringOf(3, 3);
  saw(ring, 'm000', 'm001', nowMs - 9_000);
  saw(ring, 'm001', 'm000', nowMs - 90_000);
  const { oldest, pairs } = coverage(ring);
  expect(oldest.map(({ age_ms }) => age_ms)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    90_000,
    9_000,
  ]);
  expect(pairs.measured).toBe(1);
});

test('a ring of nobody is covered', () => {
  expect(coverage(ringOf(0, 1))).toMatchObject({
    members: 0,
    pairs: { all: 0, planned: 0 },
    least_in_degree: 0,
  });
});
