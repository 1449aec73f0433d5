import { describe, expect, test } from 'vitest';
import { dueOf, owed, told, type Gone, type Policy, type Progress, type Standing } from './due.ts';

const people: Policy = {
  waitMs: 10_000,
  intervalMs: 300_000,
  repeatMs: 14_400_000,
  tellsLate: true,
  isState: false,
};
const state: Policy = { ...people, intervalMs: 0, repeatMs: 60_000, tellsLate: false, isState: true };

const open: Standing = { state: 'open', silenced: false, openedMs: 1_000_000, facts: 'a' };
const silent: Standing = { ...open, silenced: true };
const over: Standing = { ...open, state: 'resolved' };
const gone: Gone = { state: 'gone', sinceMs: 1_200_000 };
const worse: Standing = { ...open, facts: 'b' };

/** Told of its opening ten seconds after it, and of nothing before. */
const firing = told(undefined, 'opened', 'a', 1_010_000);
const resolved = told(firing, 'resolved', 'a', 1_100_000);
const late = owed(undefined);

describe('what is due', () => {
  test.each<[string, Progress | undefined, Standing | Gone, Policy, string | undefined, number?]>([
    ['it opens: after the wait', undefined, open, people, 'opened', 1_010_000],
    ['it is over before anybody was told: nothing', undefined, over, people, undefined],
    ['it is silenced: nothing', undefined, silent, people, undefined],
    ['it goes on: much later again', firing, open, people, 'repeated', 15_410_000],
    ['it goes on, and nothing is repeated: nothing', firing, open, { ...people, repeatMs: 0 }, undefined],
    ['it is worse: after the interval', firing, worse, people, 'changed', 1_310_000],
    ['it is over: at once', firing, over, people, 'resolved', 0],
    ['it is over while silenced: nothing', firing, { ...over, silenced: true }, people, undefined],
    ['it is silenced after it was told: nothing', firing, silent, people, undefined],
    ['it is a part of another: its end, once that is certain', firing, gone, people, 'resolved', 1_210_000],
    ['it was over, and is no more: nothing', resolved, gone, people, undefined],
    ['it was over, and stays so: nothing', resolved, over, people, undefined],
    [
      'it comes back: twice in two intervals at most',
      resolved,
      { ...open, openedMs: 1_150_000 },
      people,
      'opened',
      1_610_000,
    ],
    ['the receiver was away and still is owed its opening', late, open, people, 'opened', 1_010_000],
    ['the receiver was away all the time: that it was', late, over, people, 'resolved', 0],
    ['a state that was never told needs no end', late, over, state, undefined],
    ['a state is repeated', firing, open, state, 'repeated', 1_070_000],
    [
      'a state is repeated while it is silenced, or it would end',
      firing,
      silent,
      state,
      'repeated',
      1_070_000,
    ],
    ['a state that is silenced is not begun', undefined, silent, state, undefined],
    ['a state changes at once', firing, worse, state, 'changed', 1_010_000],
  ])('%s', (_, progress, standing, policy, reason, atMs) => {
    const due = dueOf(progress, standing, policy);
    expect(due).toEqual(reason === undefined ? undefined : { reason, atMs });
  });

  test('what comes back while the receiver is away is held to the same bound', () => {
    expect(dueOf(owed(resolved), { ...open, openedMs: 1_150_000 }, people)).toEqual({
      reason: 'opened',
      atMs: 1_610_000,
    });
  });

  test('repetitions are counted until there is news, and are no news themselves', () => {
    const once = told(firing, 'repeated', 'a', 2_000_000);
    const twice = told(once, 'repeated', 'a', 3_000_000);
    expect([once.repeats, twice.repeats, twice.beforeMs]).toEqual([1, 2, 0]);
    expect(told(twice, 'changed', 'b', 4_000_000)).toMatchObject({ repeats: 0, beforeMs: 3_000_000 });
  });
});
