import type { MemberView } from '@netring/contract/member';
import type { LocationPath, MemberPath } from '@netring/contract/path';
import { describe, expect, test } from 'vitest';
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

const nowMs = 100_000_000;

interface Baselined {
  median_ms: number;
  minutes: number;
  spread_ms?: number;
}

/** One member's path from us1 to ap1, well and traced just now unless told otherwise. */
interface Member {
  addedMs: number;
  /** Absent: nothing was timed within the minute. */
  takesMs?: number;
  baseline?: Baselined | undefined;
  state?: MemberPath['state'];
  tracedAtMs?: number;
  traceEveryMs?: number;
}

/** What is told of the steps of these, by what they add. */
function foundOf(members: readonly Member[], of = rule) {
  const routes = members.map(({ addedMs, tracedAtMs = nowMs }) => ({
    hops: 4,
    reached: true,
    at_ms: tracedAtMs,
    worst_step: { ttl: 3, ip: '10.0.0.9', added_ms: addedMs },
  }));
  const paths = members.map(({ takesMs, state = 'ok' }, at) => {
    const counts = { duration_ms: 60_000, checks: 9, failed: 0, voided: 0, sent: 9, lost: 0 };
    const window = { ...counts, ...(takesMs !== undefined && { p50_ms: takesMs }) };
    const checks = [{ kind: 'icmp', outcome: 'ok', at_ms: 0, state: 'ok', window }];
    return { source: `us1-${at}`, target: 'ap1-a', state, route: routes[at], checks };
  });
  const worst = [...routes].sort((a, b) => b.worst_step.added_ms - a.worst_step.added_ms)[0];
  const path = { source: 'us1', target: 'ap1', target_kind: 'member', route: worst };
  const seen: Pick<Seen, 'nowMs' | 'members' | 'memberPathsOf' | 'baselinesOf'> = {
    nowMs,
    members: members.flatMap(({ traceEveryMs }, at) => {
      const traceroute = { interval_ms: traceEveryMs };
      const view = { instance_id: `us1-${at}`, schedule: { traceroute } };
      return traceEveryMs === undefined ? [] : [view as MemberView];
    }),
    memberPathsOf: () => paths as unknown as MemberPath[],
    baselinesOf: (source) => {
      const { baseline } = members[Number(source.slice(4))] as Member;
      return baseline === undefined ? [] : [{ kind: 'icmp', spread_ms: 1, ...baseline }];
    },
  };
  return stepFindings(path as LocationPath, seen as Seen, of).map(({ value }) => value);
}

const found = (addedMs: number, takesMs: number, baseline?: Baselined, of = rule) =>
  foundOf([{ addedMs, takesMs, baseline }], of);

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

describe('of several members at a long link', () => {
  const usual: Member = { addedMs: 140, takesMs: 180, baseline: day };
  const every = { ...rule, usualMinutes: 0 };

  test.each<[about: string, expected: number[], members: Member[], of?: Rule]>([
    ['all are as usual', [], [usual, usual]],
    [
      'one is gone, and its last trace is remembered',
      [],
      [usual, { addedMs: 140, baseline: day, state: 'unknown' }],
    ],
    ['it is gone where every step is to be told', [140], [usual, { addedMs: 150, state: 'unknown' }], every],
    ['all of them are gone', [], [{ addedMs: 150, state: 'unknown' }]],
    ['one that nothing is timed of', [], [usual, { addedMs: 150 }]],
    ['one that is new, or measured by turns', [], [usual, { addedMs: 150, takesMs: 180 }]],
    ['only such', [150], [{ addedMs: 150, takesMs: 180 }]],
    ['one to which 150 ms were added', [290], [usual, { ...usual, addedMs: 290, takesMs: 330 }]],
    [
      'one that is dead, and one to which 150 ms were added',
      [290],
      [
        { ...usual, state: 'unknown', addedMs: 400 },
        { ...usual, addedMs: 290, takesMs: 330 },
      ],
    ],
    [
      'a trace of an hour ago',
      [],
      [
        { ...usual, addedMs: 290, takesMs: 330, tracedAtMs: nowMs - 3_700_000 },
        { ...usual, takesMs: 330, addedMs: 90 },
      ],
    ],
    [
      'a trace of an hour ago by a member that traces rarely',
      [290],
      [{ ...usual, addedMs: 290, takesMs: 330, tracedAtMs: nowMs - 3_700_000, traceEveryMs: 3_600_000 }],
    ],
    [
      'a trace of twenty minutes ago by one that traces every five',
      [],
      [{ ...usual, addedMs: 290, takesMs: 330, tracedAtMs: nowMs - 1_200_000, traceEveryMs: 300_000 }],
    ],
  ])('%s', (_, expected, members, of) => {
    expect(foundOf(members, of)).toEqual(expected);
  });
});
