import type { KeptTrace } from '@netring/contract/trace';
import { describe, expect, test } from 'vitest';
import { observe, type RouteWatch } from './route-watch.ts';

const target = '10.9.0.9';
const seconds = 1000;

/** A trace over routers, `*` for a silent hop: `a b c`, at a time, with the round trip of its target. */
function trace(way: string, atMs: number, rttMs = 20): KeptTrace {
  const hop = (ip: string, at: number) => ({
    ttl: at + 1,
    sent: 3,
    answers: ip === '*' ? [] : [{ ip, received: 3, min_ms: rttMs, median_ms: rttMs, max_ms: rttMs }],
  });
  return {
    id: `${way} ${atMs}`,
    source: 'us1-a',
    target: 'eu1-a',
    cause: 'schedule',
    protocol: 'icmp',
    outcome: 'ok',
    reached: true,
    hops: [...way.split(' '), target].map(hop),
    at_ms: atMs,
    duration_ms: 30,
  };
}

/** The changes of route that a row of ways shows, one trace every so often, and the names it gives them. */
function changesOf(ways: string[], everyMs: number, rttOf: (way: string) => number = () => 20) {
  let watch: RouteWatch | undefined;
  const changes: string[] = [];
  const names = new Set<string | undefined>();
  ways.forEach((way, at) => {
    const observed = observe(watch, trace(way, at * everyMs, rttOf(way)));
    if (observed === undefined) return;
    if (observed.changedFrom) changes.push(`${observed.changedFrom.hops[1]?.answers[0]?.ip}>${way}`);
    names.add(observed.trace.path_id);
    watch = observed.watch;
  });
  return { changes, names: names.size };
}

const times = (n: number, ...ways: string[]) => Array.from({ length: n }, () => ways).flat();

describe('the route of a path', () => {
  test.each<[string, string[], number, string[]]>([
    ['stays', times(10, 'a b c'), 10, []],
    ['stays while hops are silent now and then', times(5, 'a b c', 'a * c', '* b c', '* * *'), 10, []],
    ['changes once when it gets longer', [...times(3, 'a b c'), ...times(10, 'a d e c')], 10, ['b>a d e c']],
    [
      'changes there and back',
      [...times(3, 'a b c'), ...times(3, 'a d e c'), ...times(3, 'a b c')],
      300,
      ['b>a d e c', 'd>a b c'],
    ],
    ['is not changed by one trace', times(5, 'a b c', 'a b c', 'a d e c'), 10, []],
    ['equal-cost paths that flap at every trace: none', times(30, 'a b c', 'a d c'), 10, []],
    [
      'equal-cost paths that flap for some traces each: none',
      times(10, 'a b c', 'a b c', 'a b c', 'a d c', 'a d c', 'a d c'),
      10,
      [],
    ],
    [
      'four equal-cost paths by chance: none',
      times(15, 'a b c', 'a d c', 'a d c', 'a e c', 'a f c', 'a e c'),
      10,
      [],
    ],
    [
      'another router for good, as near: one, after a minute',
      [...times(3, 'a b c'), ...times(30, 'a d c')],
      10,
      ['b>a d c'],
    ],
    [
      'back for good, as near: another, after an hour',
      [...times(3, 'a b c'), ...times(5, 'a d c'), ...times(40, 'a b c')],
      300,
      ['b>a d c', 'd>a b c'],
    ],
    [
      'back for most of the time: none more',
      [...times(3, 'a b c'), ...times(5, 'a d c'), ...times(12, ...times(10, 'a b c'), 'a d c')],
      300,
      ['b>a d c'],
    ],
    ['the same by the schedule alone', [...times(3, 'a b c'), ...times(3, 'a d c')], 300, ['b>a d c']],
  ])('%s', (_, ways, everyS, expected) => {
    expect(changesOf(ways, everyS * seconds).changes).toEqual(expected);
  });

  test('a way of as many hops that takes longer is believed at its second trace', () => {
    const ways = [...times(3, 'a b c'), ...times(2, 'a d c')];
    expect(changesOf(ways, 10 * seconds, (way) => (way.includes('d') ? 60 : 20)).changes).toEqual([
      'b>a d c',
    ]);
  });

  test('has one name, whichever hops are silent', () => {
    expect(changesOf(times(5, 'a * c', 'a b c', '* b *'), 10 * seconds).names).toBe(1);
  });

  test('says nothing when the target was not reached', () => {
    expect(observe(undefined, { ...trace('a b', 0), reached: false })).toBeUndefined();
  });
});
