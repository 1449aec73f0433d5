import type { LocationPath, MemberPath } from '@netring/contract/path';
import { expect, test } from 'vitest';
import type { Rule } from './rules.ts';
import type { Seen } from './seen.ts';
import { stepFindings } from './step-findings.ts';

const rule: Rule = {
  name: 'high_hop_latency',
  severity: 'warning',
  forMs: 0,
  threshold: 100,
  damping: { bad: 3, of: 30 },
  usualMinutes: 720,
};

function found(
  addedMs: number,
  nowMs: number,
  baseline?: { median_ms: number; minutes: number; spread_ms?: number },
  of = rule,
) {
  const route = {
    hops: 4,
    reached: true,
    at_ms: 0,
    worst_step: { ttl: 3, ip: '10.0.0.9', added_ms: addedMs },
  };
  const window = { duration_ms: 60_000, checks: 9, failed: 0, voided: 0, sent: 9, lost: 0, p50_ms: nowMs };
  const member = {
    source: 'us1-a',
    target: 'ap1-a',
    route,
    checks: [{ kind: 'icmp', outcome: 'ok', at_ms: 0, state: 'ok', window }],
  } as unknown as MemberPath;
  const path = { source: 'us1', target: 'ap1', target_kind: 'member', route } as LocationPath;
  const seen = {
    memberPathsOf: () => [member],
    baselinesOf: () => (baseline === undefined ? [] : [{ kind: 'icmp', spread_ms: 1, ...baseline }]),
  } as Pick<Seen, 'memberPathsOf' | 'baselinesOf'> as Seen;
  return stepFindings(path, seen, of).map(({ value }) => value);
}

const day = { median_ms: 180, minutes: 1400 };

test.each<[about: string, expected: number[], ...Parameters<typeof found>]>([
  ['a step below what is told', [], 90, 95],
  ['a slow step of a path that nobody knows', [150], 150, 180],
  ['one that is as slow every day', [], 150, 181, day],
  ['one that has been so for an hour', [150], 150, 181, { ...day, minutes: 60 }],
  ['one to which 150 ms were added', [300], 300, 330, day],
  ['one to which 25 ms were added', [170], 170, 205, day],
  ['50 ms on top of a path that varies by more', [200], 200, 232, { ...day, spread_ms: 80 }],
  [
    'one that is as slow every day, where every one is to be told',
    [150],
    150,
    181,
    day,
    { ...rule, usualMinutes: 0 },
  ],
])('%s', (_, expected, ...given) => {
  expect(found(...given)).toEqual(expected);
});
