import type { MemberPath, PathState } from '@netring/contract/path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Directory } from '../membership/index.ts';
import { createPrivateReach } from './private-reach.ts';

const startMs = 1_700_000_000_000;
const hourMs = 3_600_000;

let nowMs = startMs;
let ips: Record<string, string>;
/** State of the path from the first to the second location. */
let states: Record<string, PathState>;

/** One member in each location, of its name. */
const directory = {
  get: (id: string) => (ips[id] === undefined ? undefined : { record: { ip: ips[id] } }),
} as unknown as Directory;

const picture = {
  memberPaths: ({ source = '', target = '' }): MemberPath[] => {
    const path = { source, target, target_kind: 'member', state: states[`${source} ${target}`] ?? 'unknown' };
    return [path as MemberPath];
  },
};

function reachFrom(state: PathState) {
  states = { 'L1 L2': state, 'L2 L1': state };
  const reach = createPrivateReach(directory, picture, () => nowMs);
  const first = reach.reaches('L1', 'L2');
  return {
    first,
    after(ms: number, now: { to: PathState; from?: PathState }): boolean {
      nowMs += ms;
      states = { 'L1 L2': now.to, 'L2 L1': now.from ?? now.to };
      const before = reach.answers();
      expect(reach.answers()).toBe(before);
      return reach.reaches('L2', 'L1');
    },
  };
}

beforeEach(() => {
  nowMs = startMs;
  ips = { L1: '10.1.0.1', L2: '10.2.0.1' };
});

describe('private reach', () => {
  test.each<[PathState, boolean]>([
    ['ok', true],
    ['degraded', true],
    ['down', false],
    ['unknown', false],
  ])('begins with a path that is measured (%s)', (state, expected) => {
    expect(reachFrom(state).first).toBe(expected);
  });

  test.each<PathState>(['down', 'unknown'])('outlasts a path that turns %s, for a day', (to) => {
    const reach = reachFrom('ok');
    expect(reach.after(6_000, { to })).toBe(true);
    expect(reach.after(23 * hourMs, { to })).toBe(true);
    expect(reach.after(2 * hourMs, { to })).toBe(false);
    expect(reach.after(6_000, { to: 'ok' })).toBe(true);
  });

  test('outlasts one way that fails while the other is well', () => {
    const reach = reachFrom('ok');
    expect(reach.after(30 * hourMs, { to: 'ok', from: 'ok' })).toBe(true);
    expect(reach.after(6_000, { to: 'down', from: 'ok' })).toBe(true);
  });

  test('ends with the address that was reached', () => {
    const reach = reachFrom('ok');
    ips['L2'] = '10.2.0.2';
    expect(reach.after(6_000, { to: 'down' })).toBe(false);
    expect(reach.after(6_000, { to: 'ok' })).toBe(true);
  });

  test('is not ended by a member that leaves', () => {
    const reach = reachFrom('ok');
    delete ips['L2'];
    expect(reach.after(6_000, { to: 'unknown' })).toBe(true);
  });

  test('is none at public addresses', () => {
    ips['L2'] = '203.0.113.1';
    expect(reachFrom('ok').first).toBe(false);
  });
});
