import { describe, expect, test } from 'vitest';
import { ageChangesAtMs, ageText, clockText, oldWords, preciseClockText } from './age.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('ageText', () => {
  test.for([
    [-500, '0 s'],
    [0, '0 s'],
    [999, '0 s'],
    [4_200, '4 s'],
    [59_999, '59 s'],
    [minute, '1 min'],
    [59.9 * minute, '59 min'],
    [hour, '1 h'],
    [hour + 5 * minute, '1 h 5 min'],
    [5 * hour + 20 * minute, '5 h'],
    [47 * hour, '1 d 23 h'],
    [100 * hour, '4 d'],
  ] as const)('%i ms reads %s', ([ms, says]) => {
    expect(ageText(ms)).toBe(says);
  });
});

describe('ageChangesAtMs', () => {
  test.for([
    [0, 0, 1_000],
    [0, 1_500, 2_000],
    [0, 90_000, 120_000],
    [500, 1_499, 1_500],
    [0, 26 * hour, 27 * hour],
    [5_000, 1_000, 6_000],
  ] as const)('an age from %i, read at %i, next changes at %i', ([from, now, changes]) => {
    expect(ageChangesAtMs(from, now)).toBe(changes);
    if (now >= from) expect(ageText(changes - from)).not.toBe(ageText(now - from));
  });
});

test('a time of another day carries its date', () => {
  const now = new Date(2026, 2, 14, 14, 10).getTime();
  expect(clockText(new Date(2026, 2, 14, 9, 5).getTime(), now)).toBe('09:05');
  expect(clockText(new Date(2026, 2, 13, 23, 5).getTime(), now)).toBe('13 Mar 23:05');
});

test('times in UTC say so, with the date of UTC; the tooltip has the other', () => {
  const now = Date.UTC(2026, 2, 14, 0, 10);
  expect(clockText(Date.UTC(2026, 2, 14, 0, 5), now, 'utc')).toBe('00:05 UTC');
  expect(clockText(Date.UTC(2026, 2, 13, 23, 5), now, 'utc')).toBe('13 Mar 23:05 UTC');
  const local = new Date(now).toLocaleTimeString('en-GB');
  expect(preciseClockText(now, 'utc')).toBe(`2026-03-14 00:10:00 UTC (here ${local})`);
  expect(preciseClockText(now, 'local')).toBe(`${local} (2026-03-14 00:10:00 UTC)`);
});

test.for([
  [undefined, ''],
  [90_000, ', <1 min old'],
  [-80_000, ', 3 min old'],
] as const)('what was measured seldom at %s says how old it is: "%s"', ([atMs, says]) => {
  expect(oldWords(atMs, 100_000)).toBe(says);
});
