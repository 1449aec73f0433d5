import { expect, test } from 'vitest';
import type { MemberPath, PathCheck } from '@netring/contract/path';
import { checkRow, farEnd, memberPairs, shownState } from './member-pairs.ts';

const window = { duration_ms: 60_000, checks: 12, failed: 0, voided: 0, sent: 12, lost: 0 };
const check: PathCheck = { kind: 'tcp', outcome: 'ok', at_ms: 5, state: 'ok', window };

function between(source: string, target: string, but: Partial<MemberPath> = {}): MemberPath {
  return {
    source,
    source_location: 'us1',
    target,
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

test('the worst come first, then names; other kinds of target are left out', () => {
  const answer = {
    now_ms: 1,
    location_paths: [],
    member_paths: [
      between('b', 'y'),
      between('a', 'y10'),
      between('a', 'y2'),
      between('c', 'y', { state: 'down' }),
      between('a', 'external:eu1', { target_kind: 'external' }),
    ],
  };
  const pair = { source: 'us1', kind: 'member', target: 'eu1' } as const;
  const names = memberPairs(answer, pair).map(({ source, target }) => `${source} ${target}`);
  expect(names).toEqual(['c y', 'a y2', 'a y10', 'b y']);
});

test.for([
  [{ proved: false, state: 'down' }, 'unproved'],
  [{ answering: false }, 'unanswered'],
  [{ answering: false, state: 'down' }, 'down'],
  [{}, 'ok'],
] as const)('%j is shown as %s', ([but, state]) => {
  expect(shownState(between('a', 'b', but))).toBe(state);
});

test('an external target goes by its name', () => {
  const path = between('a', 'external:shop', { target_kind: 'external', target_location: 'shop' });
  expect(farEnd(path)).toBe('shop');
});

test('a check in words; what nobody measured is empty, not zero', () => {
  expect(checkRow(check)).toMatchObject({
    kind: 'TCP',
    outcome: 'ok',
    latency: '',
    p50: '',
    lost: '0 of 12',
    voided: '',
  });
  const failed = checkRow({
    ...check,
    kind: 'http',
    endpoint: '/health',
    outcome: 'bad_status',
    status: 503,
    latency_ms: 12.4,
    reason: 'answered 503',
    window: { ...window, lost: 3, voided: 2, p50_ms: 9, p95_ms: 31 },
  });
  expect(failed).toMatchObject({
    outcome: 'unexpected status',
    latency: '12 ms',
    p50: '9.0 ms',
    p95: '31 ms',
    lost: '3 of 12',
    voided: '2',
    status: '503',
    reason: 'answered 503',
  });
});
