import type { MemberView } from '@netring/contract/member';
import { expect, test } from 'vitest';
import { exampleMember, exampleNowMs as now } from '../example/example-ring.ts';
import { clockLine, measuredLines, seenLine } from './detail-words.ts';
import { nextWork } from './own-plan.ts';

type Schedule = NonNullable<MemberView['schedule']>;

function schedule(but: Partial<Schedule> = {}): Schedule {
  return { at_ms: now, checks: { interval_ms: 5_000, count: 12, next_in_ms: [400, 1_900, 4_200] }, ...but };
}

function says(afterMs: number, but: Partial<MemberView>): string[] {
  return nextWork(exampleMember('a', 'us1', but), now + afterMs).map((one) => one.says);
}

const trace = { interval_ms: 300_000, next_in_ms: 125_000 };
const whole = schedule({ traceroute: trace, bandwidth: { interval_ms: 300_000, next_in_ms: 40_000 } });

test.for([
  [
    'counts down to the next check of its own plan',
    1_000,
    { schedule: whole },
    [
      'in 1 s; 12 checks, each every 5 s',
      'asks for its turn in 39 s; a path at most every 5 min',
      'in 2 min 4 s, each target every 5 min',
    ],
  ],
  [
    'what is past is due, not guessed on',
    6_000,
    { schedule: schedule() },
    ['due now; 12 checks, each every 5 s', 'off', 'nobody to trace'],
  ],
  [
    'a plan that was told long ago says nothing of now',
    95_000,
    { schedule: whole },
    Array(3).fill('not known: its plan was last told 1 min ago'),
  ],
  ['an older member tells none', 0, {}, Array(3).fill('not told by this member')],
  ['after a goodbye', 0, { schedule: whole, status: 'deregistered' }, Array(3).fill('none: it said goodbye')],
  [
    'why it traces nobody',
    0,
    {
      schedule: schedule({ traceroute: trace }),
      probes_off: [{ kind: 'traceroute', reason: 'no raw socket' }],
    },
    ['in 1 s; 12 checks, each every 5 s', 'off', 'off: no raw socket'],
  ],
  [
    'alone',
    0,
    { schedule: schedule({ checks: { interval_ms: 500, count: 0, next_in_ms: [] } }) },
    ['nobody to check', 'off', 'nobody to trace'],
  ],
] as [string, number, Partial<MemberView>, string[]][])('%s', ([, afterMs, but, expected]) => {
  expect(says(afterMs, but)).toEqual(expected);
});

const states = { ok: 0, degraded: 0, down: 0, unknown: 0, unproved: 0 };
const figures = { states, checks: 0, failed: 0 };

test('what nobody measured is said to be so; what was, with its age', () => {
  const answer = { now_ms: now, member: exampleMember('a', 'us1'), troubled: [], more_troubled: 0 };
  const said = (measures: Parameters<typeof measuredLines>[0]['measures']) =>
    measuredLines({ ...answer, measures, seen: figures }, now).map((one) => one.says);
  expect(said(figures)).toEqual([
    'not measured',
    'no checks in the last minute',
    'no valid test',
    'no trace',
  ]);
  const bandwidth = { least_mbps: 94, mean_mbps: 480, tested: 3, at_ms: now - 180_000 };
  const hops = { least: 5, most: 9, at_ms: now - 240_000 };
  expect(said({ ...figures, latency_ms: 83.4, checks: 48, failed: 12, bandwidth, hops })).toEqual([
    '83 ms',
    '75 % of 48 checks in the last minute',
    '480 Mbit/s on average, 94 Mbit/s at least (3 paths, up to 3 min old)',
    '5–9 (up to 4 min old)',
  ]);
  // Of a registry that does not tell when.
  expect(said({ ...figures, hops: { least: 5, most: 5 } }).at(-1)).toBe('5');
});

test.for([
  [{}, 'nobody measures it', undefined],
  [{ ok: 3 }, '3 paths to it: 3 up', undefined],
  [{ ok: 2, degraded: 1 }, '3 paths to it: 2 up, 1 degraded', 'warn'],
  [{ down: 1, unknown: 1 }, '2 paths to it: 1 down, 1 unknown', 'bad'],
] as const)('peers see %j', ([but, expected, weight]) => {
  const line = seenLine({ seen: { ...figures, states: { ...states, ...but } } });
  expect([line.says, line.weight]).toEqual([expected, weight]);
});

test.for([
  [undefined, 'not told by this member'],
  [-120, 'right within 0.5 s'],
  [3_240, "3.2 s ahead of the registry's"],
  [-7_200_000, "2 h behind the registry's"],
] as const)('a clock that is %s ms ahead', ([ahead, expected]) => {
  expect(clockLine(ahead === undefined ? {} : { clock_ahead_ms: ahead }).says).toBe(expected);
});
