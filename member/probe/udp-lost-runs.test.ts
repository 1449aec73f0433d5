import { expect, test } from 'vitest';
import { addLost, lostAfter, lostIn, mostLostRuns, type LostRun } from './udp-lost-runs.ts';

const runsOf = (seqs: Iterable<number>) => {
  const runs: LostRun[] = [];
  for (const seq of seqs) addLost(runs, seq);
  return runs;
};

test('a flow that is silent for long is one run', () => {
  expect(runsOf(Array(100_000).keys())).toEqual([{ from: 0, to: 99_999, lost: 100_000 }]);
});

test.each<[string, number[], number, LostRun[]]>([
  ['nothing lost', [], 3, []],
  ['all older', [1, 2, 5], 5, []],
  ['all newer', [1, 2], 0, [{ from: 1, to: 2, lost: 2 }]],
  [
    'some of a run',
    [1, 2, 3, 7],
    2,
    [
      { from: 3, to: 3, lost: 1 },
      { from: 7, to: 7, lost: 1 },
    ],
  ],
  ['between two runs', [1, 2, 7, 8], 5, [{ from: 7, to: 8, lost: 2 }]],
])('what is newer: %s', (_, seqs, seq, rest) => {
  expect(lostAfter(runsOf(seqs), seq)).toEqual(rest);
});

test('many gaps take no more room, and no loss is forgotten', () => {
  const runs = runsOf(Array.from({ length: 1000 }, (_, n) => 2 * n));
  expect(runs).toHaveLength(mostLostRuns);
  expect(lostIn(runs)).toBe(1000);
  expect(lostIn(lostAfter(runs, 1998))).toBe(0);
});
