import { describe, expect, test } from 'vitest';
import type { BandwidthOfPath, BandwidthResult } from '@netring/contract/bandwidth';
import type { HistoryPoint } from '@netring/contract/history';
import type { PathCheck } from '@netring/contract/path';
import { exampleTrace, exampleHop as hop } from '../example/example-trace.ts';
import { phraseText } from '../words/phrase.ts';
import { bandwidthViews, skippedTest } from './bandwidth-words.ts';
import {
  bandwidthColumns,
  extent,
  kindsIn,
  latencyColumns,
  lossColumns,
  worstStepColumns,
} from './chart-series.ts';
import { flowView } from './flow-words.ts';
import { changedSteps, routeSentence, routeView } from './route-rows.ts';
import { stretches, timeIn } from './time-line.ts';

const plain = (text: string): string => text.replace(/[\u2068\u2069]/g, '');
const slow = exampleTrace('slow', [hop(1, 'a', 1), hop(2), hop(3, 'c', 81, 80), hop(4, 'd', 82, 1)], {
  worst_step: { ttl: 3, ip: 'c', added_ms: 80 },
});
const good = exampleTrace('good', [hop(1, 'a', 1), hop(2, 'b', 2), hop(3, 'x', 3), hop(4, 'd', 4)]);

describe('routes', () => {
  test('the newest route with its worst step, the last good one beside it where they differ', () => {
    const view = routeView({ latest: slow, last_good: good });
    expect(view?.good).toBe(good);
    expect(
      view?.rows.map(({ ttl, worst, share, differs, good: was }) => [ttl, worst, share, differs, was]),
    ).toEqual([
      [1, false, 0, false, ['a']],
      [2, false, 0, false, ['b']],
      [3, true, 1, true, ['x']],
      [4, false, 1 / 80, false, ['d']],
    ]);
    expect(view?.rows.map(({ target }) => target)).toEqual([false, false, false, true]);
  });

  test('the one step of a straight route is not its worst', () => {
    const straight = exampleTrace('x', [hop(1, 'a', 9, 9)], { worst_step: { ttl: 1, ip: 'a', added_ms: 9 } });
    const view = routeView({ latest: straight });
    expect([view?.hasWorst, view?.rows[0]?.worst]).toEqual([false, false]);
  });

  test('the same route is not compared, unless it no longer reaches its end', () => {
    expect(routeView({ latest: slow, last_good: slow })?.good).toBeUndefined();
    const cut = exampleTrace('cut', [hop(1, 'a', 1)], { reached: false, path_id: 'good' });
    const view = routeView({ latest: cut, last_good: good });
    expect(view?.rows.map(({ answers, good: was }) => [answers.length, was?.[0]])).toEqual([
      [1, 'a'],
      [0, 'b'],
      [0, 'x'],
      [0, 'd'],
    ]);
    expect(routeView({})).toBeUndefined();
  });

  test.for([
    [slow, 'Worst step: hop 3, c, adds 80 ms of 82 ms'],
    [good, 'No single step stands out on 4 hops'],
    [
      exampleTrace('x', [hop(1, 'a', 0.2, 0.2)], { worst_step: { ttl: 1, ip: 'a', added_ms: 0.2 } }),
      'Straight there in 0.20 ms: no router stands between',
    ],
    [
      exampleTrace('x', [hop(1, 'a', 1), hop(2)], { reached: false }),
      'The target did not answer; the last that did is hop 1, a',
    ],
    [exampleTrace('x', [hop(1)], { reached: false }), 'Nothing answered'],
  ] as const)('in a sentence', ([trace, says]) => {
    expect(plain(phraseText(routeSentence(trace)))).toBe(says);
  });

  test('a change names the steps with another router', () => {
    expect(plain(phraseText(changedSteps(good, slow)))).toBe('hop 3: x → c');
    const longer = exampleTrace('long', [...slow.hops, hop(5, 'e', 83)]);
    expect(plain(phraseText(changedSteps(good, longer)))).toBe('hop 3: x → c; 4 → 5 hops');
    expect(plain(phraseText(changedSteps(good, good)))).toBe('another route');
  });
});

test.for([
  ['ok', { count: 16, lossy: 0, over_ms: 600_000 }, 'ok', 'All 16 flows arrive', 'over 10 min, 4 s ago'],
  [
    'degraded',
    { count: 16, lossy: 3, loss_ratio: 0.31, direction: 'forward', confidence: 1, over_ms: 60_000 },
    'degraded',
    '3 of 16 flows lose 31 %, forward',
    '99 % sure, over 1 min, 4 s ago',
  ],
  [
    'ok',
    { count: 16, lossy: 1, loss_ratio: 0.021, direction: 'return', confidence: 0.93, over_ms: 60_000 },
    'degraded',
    '1 of 16 flows loses 2.1 %, on the way back',
    '93 % sure, over 1 min, 4 s ago',
  ],
  [
    'unknown',
    { count: 16, lossy: 0, over_ms: 60_000 },
    'unknown',
    'When last measured: All 16 flows arrive',
    'over 1 min, 4 s ago',
  ],
  [
    'unknown',
    { count: 16, lossy: 1, over_ms: 60_000 },
    'unknown',
    'When last measured: 1 of 16 flows loses',
    'over 1 min, 4 s ago',
  ],
] as [PathCheck['state'], NonNullable<PathCheck['flows']>, string, string, string][])(
  'flows of a check that is %s: %j',
  ([state, flows, shape, sentence, basis]) => {
    const check = { state, at_ms: 1_000, flows } as PathCheck;
    expect(flowView(check, 5_000)).toMatchObject({ shape, sentence, basis });
  },
);

describe('bandwidth', () => {
  const result: BandwidthResult & { at_ms: number } = {
    direction: 'forward',
    outcome: 'ok',
    mbps: 94.2,
    bytes: 48e6,
    seconds: 4.2,
    streams: 4,
    limited_by: 'path',
    idle_rtt_ms: 80,
    loaded_rtt_ms: 152,
    at_ms: 5,
  };
  const test_ = { id: 't', source: 'a', target: 'b', at_ms: 9, duration_ms: 1 };

  test('a valid rate says what limited it and what it did to the round trip', () => {
    expect(bandwidthViews({ forward: result })[0]).toEqual({
      direction: 'forward',
      ofPath: true,
      rate: '94 Mbit/s',
      atMs: 5,
      limitedBy: 'limited by the path',
      queue: '80 ms idle, 152 ms under load (+72 ms)',
      effort: '48 MB in 4.2 s over 4 streams',
    });
  });

  test('an inconclusive test says why', () => {
    const told: BandwidthOfPath = {
      latest: {
        ...test_,
        results: [{ ...result, outcome: 'inconclusive', reason: 'the budget ended it in slow start' }],
      },
    };
    expect(bandwidthViews(told).map(({ rate, inconclusive }) => [rate, inconclusive])).toEqual([
      [undefined, 'inconclusive: the budget ended it in slow start'],
      [undefined, undefined],
    ]);
  });

  test('one that was skipped after the newest that was made says why, and when that was', () => {
    const skipped = { ...test_, id: 'later', at_ms: 20, skipped: 'uplink busy' };
    expect(skippedTest({ latest: { ...test_, results: [result] }, skipped })).toEqual({
      why: 'uplink busy',
      atMs: 20,
    });
    expect(skippedTest({ latest: { ...test_, results: [result] } })).toBeUndefined();
    expect(skippedTest({})).toBeUndefined();
  });
});

describe('history', () => {
  const step = 60_000;
  const point = (minute: number, but: Partial<HistoryPoint> = {}): HistoryPoint => ({
    at_ms: minute * step,
    state: 'ok',
    checks: [{ kind: 'tcp', sent: 10, lost: minute, p50_ms: 10 + minute, p95_ms: 20 }],
    ...but,
  });

  test('lines break where steps are missing', () => {
    const points = [point(0), point(1), point(4)];
    expect(latencyColumns(points, step, 'tcp')).toEqual([
      [0, 60, 120, 240],
      [10, 11, null, 14],
      [20, 20, null, 20],
    ]);
    expect(lossColumns(points, step, 'tcp')[1]).toEqual([0, 10, null, 40]);
    expect(lossColumns(points, step, 'udp')[1]).toEqual([null, null, null, null]);
    expect(extent(latencyColumns(points, step, 'tcp'))).toEqual({ low: 10, high: 14, last: 14 });
    expect(extent(latencyColumns(points, step, 'udp'))).toBeUndefined();
    expect(kindsIn(points)).toEqual(['tcp']);
  });

  test('what held at a step is joined over those at which nothing did', () => {
    const points = [
      point(0, { forward_mbps: 9, worst_step_ms: 3 }),
      point(1),
      point(9, { return_mbps: 8, worst_step_ms: 4 }),
    ];
    expect(worstStepColumns(points)).toEqual([
      [0, 540],
      [3, 4],
    ]);
    expect(bandwidthColumns(points)).toEqual([
      [0, 540],
      [9, null],
      [null, 8],
    ]);
  });

  test('states are stretches, with gaps', () => {
    const points = [point(0), point(1), point(2, { state: 'down' }), point(8)];
    const all = stretches(points, step, 0, 10 * step);
    expect(all).toEqual([
      { state: 'ok', from: 0, to: 0.2 },
      { state: 'down', from: 0.2, to: 0.3 },
      { state: 'ok', from: 0.8, to: 0.9 },
    ]);
    expect(timeIn(all, 10 * step).map(([state, ms]) => [state, Math.round(ms / step)])).toEqual([
      ['down', 1],
      ['ok', 3],
    ]);
  });
});
