import { describe, expect, test } from 'vitest';
import { choose, namesOf, type LastTest, type Question, type Testable } from './choose.ts';

const member = (
  instance_id: string,
  location: string,
  ip = `10.0.0.${instance_id.charCodeAt(0)}`,
): Testable => ({
  instance_id,
  location,
  ip,
});
const [a, b, c, c2] = [member('a', 'us1'), member('b', 'eu1'), member('c', 'ap1'), member('d', 'ap1')];
const never: LastTest = { validMs: 0, triedMs: 0, by: undefined };
const nowMs = 10_000_000;
const intervalMs = 300_000;

interface Case {
  targets?: Testable[];
  /** By target location. */
  last?: Record<string, LastTest>;
  /** By target. */
  tried?: Record<string, number>;
  held?: Testable[];
  waiting?: { from: Testable; to: Testable; validMs: number }[];
  resting?: Record<string, number>;
}

function question({ targets = [b, c], last = {}, tried = {}, held = [], waiting = [], resting = {} }: Case) {
  return {
    nowMs,
    asking: a,
    intervalMs,
    targets,
    ofPath: (_, target) => ({ ...never, triedMs: tried[target] ?? 0 }),
    ofLocations: (_, target) => last[target] ?? never,
    restMs: (id) => resting[id] ?? -1,
    held: new Set(held.flatMap((one) => namesOf(one, one))),
    waiting: waiting.map(({ from, to, validMs }) => ({
      member: from.instance_id,
      names: namesOf(from, to),
      validMs,
    })),
  } satisfies Question<Testable>;
}
const ago = (ms: number, by = 'a'): LastTest => ({ validMs: nowMs - ms, triedMs: nowMs - ms, by });

describe('whom a member may test', () => {
  test.each<[string, Case, string]>([
    [
      'the path whose last valid test is oldest',
      { last: { eu1: ago(400_000), ap1: ago(500_000) } },
      'test c',
    ],
    ['what was never tested comes before all', { last: { ap1: ago(900_000) } }, 'test b'],
    [
      'tried in vain lately is not due',
      { last: { eu1: { validMs: 0, triedMs: nowMs - 1000, by: 'a' } } },
      'test c',
    ],
    ['nothing is due', { last: { eu1: ago(100_000), ap1: ago(120_000) } }, 'none 180000'],
    [
      'what another member tests is left to it for a while',
      { last: { eu1: ago(400_000, 'x'), ap1: ago(10_000) } },
      'none 50000',
    ],
    ['and no longer', { last: { eu1: ago(500_000, 'x'), ap1: ago(10_000) } }, 'test b'],
    ['the member tested last keeps its series', { targets: [c, c2], tried: { d: 5 } }, 'test d'],
    ['what is held is passed over', { held: [b] }, 'test c'],
    ['all that is due is held', { held: [b, c] }, 'wait b'],
    ['its own uplink is held', { held: [member('z', 'us1')] }, 'wait b'],
    ['a member at the same address is no path', { targets: [member('y', 'eu1', a.ip)] }, 'none 300000'],
    ['nobody is there', { targets: [] }, 'none 300000'],
    ['its own rest', { resting: { a: 7_000 } }, 'none 7000'],
    ['the rest of one target', { resting: { b: 7_000 } }, 'test c'],
    [
      'an older wish for the same uplink goes first',
      { targets: [b], last: { eu1: ago(400_000) }, waiting: [{ from: c, to: b, validMs: 1 }] },
      'wait b',
    ],
    [
      'but not one that has to wait itself',
      { targets: [b], last: { eu1: ago(400_000) }, held: [c], waiting: [{ from: c, to: b, validMs: 1 }] },
      'test b',
    ],
    [
      'nor a younger one',
      { targets: [b], last: { eu1: ago(400_000) }, waiting: [{ from: c, to: b, validMs: nowMs }] },
      'test b',
    ],
  ])('%s', (_, facts, expected) => {
    const choice = choose(question(facts));
    const said = choice.kind === 'none' ? choice.afterMs : choice.target.instance_id;
    expect(`${choice.kind} ${said}`).toBe(expected);
  });

  test('takes both members and both uplinks', () => {
    expect(namesOf(a, b)).toEqual([
      'bandwidth:member:a',
      'bandwidth:member:b',
      'bandwidth:uplink:us1',
      'bandwidth:uplink:eu1',
    ]);
    expect(namesOf(c, c2)).toHaveLength(3);
  });
});
