import type { PathAnswer, PathCheck } from '@netring/contract/path';
import { expect, test } from 'vitest';
import { pathText } from './path-text.ts';

const nowMs = 1_700_000_000_000;
const window = { duration_ms: 60_000, checks: 12, failed: 0, voided: 0, sent: 192, lost: 12 };

function shown(flows: PathCheck['flows'], bandwidth: PathAnswer['bandwidth']): string[] {
  const check: PathCheck = {
    kind: 'udp',
    outcome: 'ok',
    at_ms: nowMs - 3_000,
    state: 'degraded',
    ...(flows && { flows }),
    window,
  };
  const path = {
    source: 'us1-a',
    source_location: 'us1',
    target: 'eu1-a',
    target_location: 'eu1',
    target_kind: 'member',
    state: 'degraded',
    reasons: [],
    answering: true,
    proved: true,
    checks: [check],
  } as const;
  const none = { forward: {}, back: {} };
  const answer = { now_ms: nowMs, path: { ...path, reasons: [], checks: [check] }, traces: none };
  const text = pathText({ ...answer, route_changes: [], bandwidth, baselines: [] });
  return text.split('\n').filter((line) => /^(Flows|Bandwidth)/.test(line));
}

const result = { outcome: 'ok', bytes: 1e6, seconds: 2, streams: 4 } as const;

test('a path tells of its flows, and of the newest valid rate of each direction', () => {
  const lossy = { count: 16, lossy: 3, confidence: 0.999, loss_ratio: 0.31, over_ms: 240_000 };
  const forward = { ...result, direction: 'forward', mbps: 93.42, limited_by: 'path' } as const;
  const back = { ...result, direction: 'return', mbps: 400, limited_by: 'receiver' } as const;
  const latest = { id: 't', source: 'us1-a', target: 'eu1-a', at_ms: nowMs - 90_000, duration_ms: 4_000 };
  expect(
    shown(
      { ...lossy, direction: 'forward' },
      {
        latest: { ...latest, results: [forward, back] },
        forward: { ...forward, at_ms: nowMs - 90_000 },
      },
    ),
  ).toEqual([
    'Flows: 3 of 16 lose 31 % on the way there, 99 % sure, over 4 min',
    'Bandwidth: there 93.4 Mbit/s, measured 1 min ago; back no valid rate (bounded by the receiver)',
  ]);
});

test('what was not measured is not made up', () => {
  expect(shown(undefined, {})).toEqual(['Bandwidth: not measured yet']);
  const skipped = {
    id: 't',
    source: 'us1-a',
    target: 'eu1-a',
    at_ms: nowMs,
    duration_ms: 0,
    skipped: 'the budget of the day is spent',
  };
  expect(shown({ count: 16, lossy: 0, over_ms: 60_000 }, { skipped })).toEqual([
    'Flows: all 16 arrive, over 1 min',
    'Bandwidth: not measured yet; the last test was not made: the budget of the day is spent',
  ]);
});
