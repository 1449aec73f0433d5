import { expect, test } from 'vitest';
import type { HistoryPoint } from '@netring/contract/history';

import type { Rules } from './rules.ts';
import { createWhatIf, type WhatIf, type WhatIfQuestion } from './what-if.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
const nowMs = 480_000 * hourMs;
const rules: Rules = new Map(
  (['loss', 'low_bandwidth', 'high_hop_latency', 'latency_above_baseline'] as const).map((name) => [
    name,
    {
      name,
      severity: 'warning',
      forMs: 120_000,
      threshold: { loss: 0.05, low_bandwidth: 100, high_hop_latency: 100, latency_above_baseline: 0.25 }[
        name
      ],
      damping: { bad: 3, of: 30 },
    },
  ]),
);
const members = [
  { id: 'us1-a', location: 'us1' },
  { id: 'eu1-a', location: 'eu1' },
];

/** The hour before `nowMs` from us1-a to eu1-a; minutes that `at` tells nothing of were not measured. */
function whatIf(at: (minute: number) => Partial<HistoryPoint> | undefined): WhatIf {
  const points = Array.from({ length: 60 }, (_, minute): HistoryPoint[] => {
    const but = at(minute);
    const check = { kind: 'icmp', sent: 60, lost: 0, p50_ms: 80 } as const;
    const atMs = nowMs - hourMs + minute * minuteMs;
    return but === undefined ? [] : [{ at_ms: atMs, state: 'ok', checks: [check], ...but }];
  }).flat();
  return createWhatIf({
    rules,
    members: () => members,
    hour: (hour, source) =>
      Promise.resolve({
        stepMinutes: 1,
        paths: new Map(hour === nowMs / hourMs - 1 && source === 'us1-a' ? [['eu1-a', points]] : []),
      }),
    baselinesOf: () => [{ kind: 'icmp', median_ms: 80, spread_ms: 1, minutes: 600 }],
  });
}

/** What would have fired, as minutes of that hour, and how many with the threshold in force. */
async function fired(one: WhatIf, question: WhatIfQuestion) {
  const answer = await one.ask(question, nowMs);
  if (answer === 'busy') throw new Error('busy');
  const minuteOf = (ms: number | undefined) => ms && (ms - nowMs + hourMs) / minuteMs;
  return {
    alerts: answer.alerts.map(({ from_ms, to_ms, value }) => [minuteOf(from_ms), minuteOf(to_ms), value]),
    present: answer.present?.count,
  };
}

const lossy = (lost: number): Partial<HistoryPoint> => ({
  state: 'degraded',
  checks: [{ kind: 'icmp', sent: 60, lost, p50_ms: 80 }],
});

test.for([
  [0.05, [[12.5, 20.5, 0.1]]],
  [
    0.02,
    [
      [12.5, 20.5, 0.1],
      [42.5, 50.5, 2 / 60],
    ],
  ],
  [0.2, []],
] as const)(
  'loss of 10 %% and of 3.3 %%, ten minutes each, with a threshold of %d',
  async ([threshold, expected]) => {
    const one = whatIf((minute) => {
      if (minute >= 10 && minute < 20) return lossy(6);
      return minute >= 40 && minute < 50 ? lossy(2) : {};
    });
    const { alerts, present } = await fired(one, { rule: 'loss', threshold });
    expect(alerts).toEqual(expected);
    expect(present).toBe(1);
  },
);

test('a single bad minute is told by no threshold, since it does not last', async () => {
  const one = whatIf((minute) => (minute === 10 ? lossy(30) : {}));
  expect((await fired(one, { rule: 'loss', threshold: 0.001 })).alerts).toEqual([]);
});

test('what is not measured any more is nobody’s after a while', async () => {
  const one = whatIf((minute) => (minute < 10 ? lossy(6) : minute > 40 ? {} : undefined));
  expect((await fired(one, { rule: 'loss', threshold: 0.05 })).alerts).toEqual([[2.5, 41, 0.1]]);
});

test('what holds to the end would fire still', async () => {
  const one = whatIf((minute) => (minute < 30 ? {} : { forward_mbps: 94 }));
  const { alerts, present } = await fired(one, { rule: 'low_bandwidth', threshold: 95 });
  expect(alerts).toEqual([[32.5, undefined, 94]]);
  expect(present).toBe(1);
  expect((await fired(one, { rule: 'low_bandwidth', threshold: 50 })).alerts).toEqual([]);
});

test.for([
  ['high_hop_latency', 70, 1],
  ['high_hop_latency', 90, 0],
  ['latency_above_baseline', 0.5, 1],
  ['latency_above_baseline', 1.5, 0],
] as const)('%s over %d', async ([rule, threshold, count]) => {
  const slow: Partial<HistoryPoint> = {
    state: 'degraded',
    checks: [{ kind: 'icmp', sent: 60, lost: 0, p50_ms: 160 }],
    worst_step_ms: 80,
    worst_step_ip: '198.51.100.77',
  };
  const one = whatIf((minute) => (minute >= 20 && minute < 40 ? slow : {}));
  expect((await fired(one, { rule, threshold })).alerts).toHaveLength(count);
});

test('one question at a time; another place has none of it; what is not kept is named', async () => {
  const one = whatIf(() => lossy(6));
  const first = one.ask({ rule: 'loss', threshold: 0.05 }, nowMs);
  expect(await one.ask({ rule: 'loss', threshold: 0.05 }, nowMs)).toBe('busy');
  expect(await first).toMatchObject({ count: 1, members: { looked: 2, all: 2 } });
  const elsewhere = await one.ask({ rule: 'loss', threshold: 0.05, source: 'eu1' }, nowMs);
  expect(elsewhere).toMatchObject({ count: 0, members: { looked: 1, all: 2 } });
  expect((elsewhere as { not_kept: string[] }).not_kept).toContain('member_down');
});
