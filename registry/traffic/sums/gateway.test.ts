import { expect, test } from 'vitest';
import { emptyCell } from './cell.ts';
import type { Part } from './fold.ts';
import { canBeAllOfThem } from './gateway.ts';
import { slotOf, type Sum } from './slot.ts';

/** Connections that one end saw, stretch by stretch: opened, and there. */
type Seen = (number | [opened: number, there: number] | undefined)[];

function partsOf(seen: Seen, evidence: 'caller' | 'callee', durationMs: number): Part[] {
  return seen.flatMap((one, at): Part[] => {
    if (one === undefined) return [];
    const [requests, connections] = typeof one === 'number' ? [one, undefined] : one;
    const counts = { ...emptyCell().counts, requests };
    const signals = connections === undefined ? undefined : { evidence, connections };
    const cell = { ...emptyCell(), counts, isCounted: true, signals };
    return [
      { slot: slotOf(at * durationMs, durationMs, []), sum: { cells: new Map([[evidence, cell]]) } as Sum },
    ];
  });
}

test.each<[about: string, through: Seen, callers: Seen, expected: boolean, durationMs?: number]>([
  ['as many', [5, 5, 5, 5], [5, 5, 5, 5], true],
  ['fewer', [5, 4, 5, 5], [5, 5, 5, 5], true],
  ['some more, as looks and short connections have it', [5, 8, 5, 9], [5, 5, 5, 5], true],
  ['more than that', [5, 20, 15, 5], [5, 5, 5, 5], false],
  ['one end told more of the last stretches so far', [5, 5, 6, 3], [5, 5, 5, undefined], true],
  ['far more in the last stretches', [undefined, undefined, 5_000], [undefined, undefined, 1], false],
  ['some more in a minute that is over', [12], [5], true, 60_000],
  ['more than that in a minute that is over', [70], [50], true, 60_000],
  ['and more than chance', [80], [50], false, 60_000],
  [
    'as many that stand',
    [
      [0, 5],
      [0, 5],
      [0, 5],
    ],
    [
      [0, 5],
      [0, 5],
      [0, 5],
    ],
    true,
  ],
  [
    'far more that stand',
    [
      [0, 50],
      [0, 50],
      [0, 50],
    ],
    [
      [0, 5],
      [0, 5],
      [0, 5],
    ],
    false,
  ],
  [
    'some that stand, where the caller cannot look',
    [
      [1, 50],
      [0, 50],
    ],
    [1, 0],
    true,
  ],
])(
  'what came through a gateway may be its callers’: %s',
  (_, through, callers, expected, durationMs = 10_000) => {
    const ends = {
      through: partsOf(through, 'callee', durationMs),
      callers: partsOf(callers, 'caller', durationMs),
    };
    expect(canBeAllOfThem(ends)).toBe(expected);
  },
);
