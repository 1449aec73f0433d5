import type { MemberPath, PathCheck } from '@netring/contract/path';
import { expect, test } from 'vitest';
import { pathFigures } from './path-figures.ts';

function check(kind: PathCheck['kind'], p50_ms: number | undefined, checks = 10, failed = 0): PathCheck {
  const window = { duration_ms: 60_000, checks, failed, voided: 0, sent: checks, lost: failed };
  const latency = p50_ms === undefined ? {} : { p50_ms };
  return { kind, outcome: 'ok', at_ms: 1, state: 'ok', window: { ...window, ...latency } };
}

function path(but: Partial<MemberPath>): MemberPath {
  return {
    source: 'a',
    source_location: 'us1',
    target: 'b',
    target_location: 'eu1',
    target_kind: 'member',
    state: 'ok',
    reasons: [],
    answering: true,
    proved: true,
    checks: [],
    ...but,
  };
}

const route = (hops: number, reached = true, at_ms = 30) => ({ hops, reached, at_ms });

test('nothing measured has no numbers, and no zero in their place', () => {
  expect(pathFigures([path({ state: 'unknown' }), path({ proved: false })])).toEqual({
    states: { ok: 0, degraded: 0, down: 0, unknown: 1, unproved: 1 },
    checks: 0,
    failed: 0,
  });
});

test('latency is the mean of the medians, of TCP where there is one; only what was measured counts', () => {
  const figures = pathFigures([
    path({
      checks: [check('http', 90), check('tcp', 40, 12, 3)],
      route: route(5),
      bandwidth: { forward_mbps: 90, at_ms: 50 },
    }),
    path({
      state: 'down',
      checks: [check('tcp', undefined, 12, 12), check('icmp', 20)],
      route: route(30, false, 1),
      bandwidth: { return_mbps: 7, at_ms: 5 },
    }),
    path({ checks: [], route: route(9, true, 20), bandwidth: { forward_mbps: 30, at_ms: 70 } }),
  ]);
  expect(figures).toEqual({
    states: { ok: 2, degraded: 0, down: 1, unknown: 0, unproved: 0 },
    latency_ms: 30,
    checks: 44,
    failed: 15,
    bandwidth: { least_mbps: 30, mean_mbps: 60, tested: 2, at_ms: 50 },
    hops: { least: 5, most: 9, at_ms: 20 },
  });
});
