import type { KeptTrace } from '@netring/contract/trace';
import { expect, test } from 'vitest';
import { summaryOf, withTrace, type PathRoutes } from './path-routes.ts';

const ends = { source_location: 'us1', target_location: 'eu1' };

function trace(id: string, atMs: number, more: Partial<KeptTrace> = {}): KeptTrace {
  const answer = (ip: string) => ({ ip, received: 3, min_ms: 20, median_ms: 20, max_ms: 20 });
  return {
    id,
    source: 'us1-a',
    target: 'eu1-a',
    cause: 'schedule',
    protocol: 'icmp',
    outcome: 'ok',
    reached: true,
    hops: ['10.0.0.1', '10.9.0.9'].map((ip, at) => ({ ttl: at + 1, sent: 3, answers: [answer(ip)] })),
    at_ms: atMs,
    duration_ms: 30,
    ...more,
  };
}

const lost: Partial<KeptTrace> = { outcome: 'timeout', reached: false, hops: [] };

function after(...traces: KeptTrace[]): PathRoutes {
  return traces.reduce<PathRoutes>((routes, one) => withTrace(routes, one, ends, true)?.routes ?? routes, {
    changes: [],
    taken: [],
  });
}

test('a trace that is told twice adds nothing', () => {
  expect(withTrace(after(trace('a', 1)), trace('a', 1), ends, true)).toBeUndefined();
});

test('beside the newest trace stands the last good one', () => {
  const { latest, lastGood } = after(trace('a', 1), trace('b', 2), trace('c', 3, lost));
  expect([latest?.id, lastGood?.id]).toEqual(['c', 'b']);
});

test('what is traced in trouble takes no place of the last good one', () => {
  const slow = withTrace(after(trace('a', 1)), trace('b', 2), ends, false);
  expect([slow?.routes.latest?.id, slow?.routes.lastGood?.id]).toEqual(['b', 'a']);
  expect(withTrace(undefined, trace('a', 1), ends, false)?.routes.lastGood?.id).toBe('a');
});

test('one that was asked for and is slower is an early sign, not the last good one; a scheduled one is', () => {
  const taking = (ms: number, cause: KeptTrace['cause']): Partial<KeptTrace> => ({
    cause,
    hops: ['10.0.0.1', '10.9.0.9'].map((ip, at) => ({
      ttl: at + 1,
      sent: 3,
      answers: [{ ip, received: 3, min_ms: at * ms, median_ms: at * ms, max_ms: at * ms }],
      added_ms: at * ms,
    })),
  });
  const lastGoodAfter = (ms: number, cause: KeptTrace['cause']) =>
    after(trace('a', 1, taking(20, 'schedule')), trace('b', 2, taking(ms, cause))).lastGood?.id;
  expect(lastGoodAfter(100, 'asked')).toBe('a');
  expect(lastGoodAfter(100, 'schedule')).toBe('b');
  expect(lastGoodAfter(21, 'asked')).toBe('b');
  expect(lastGoodAfter(10, 'asked')).toBe('b');
});

test('an older one that comes later changes nothing', () => {
  expect(after(trace('b', 2), trace('a', 1, lost)).latest?.id).toBe('b');
});

test('a void one counts for nothing, and is kept for who asked for it', () => {
  const { latest, voided } = after(trace('a', 1), trace('b', 2, { ...lost, outcome: 'void', task: 't' }));
  expect([latest?.id, voided?.task]).toEqual(['a', 't']);
});

test('in short: hops, whether it was reached, its name', () => {
  const routes = after(trace('a', 1));
  expect(summaryOf(routes)).toEqual({ hops: 2, reached: true, path_id: routes.watch?.pathId, at_ms: 1 });
  expect(summaryOf(after())).toBeUndefined();
});
