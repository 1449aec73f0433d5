import { describe, expect, test } from 'vitest';
import {
  comparedSpans,
  lastMoment,
  momentFrom,
  momentText,
  momentWords,
  spanOf,
  spanWords,
} from './moment.ts';

const at = (hour: number, minute = 0, second = 0): number => Date.UTC(2026, 10, 21, hour, minute, second);

test.for([
  ['20261121T140210Z.10s', { toMs: at(14, 2, 10), step: '10s' }],
  ['20261121T140200Z.1m', { toMs: at(14, 2), step: '1m' }],
  ['20261121T140000Z.10m', { toMs: at(14), step: '10m' }],
] as const)('%s can be read and is written the same', ([text, moment]) => {
  expect(momentFrom(text)).toEqual(moment);
  expect(momentText(moment)).toBe(text);
});

test.for([
  null,
  '',
  '20261121T140213Z.10s',
  '20261121T140210Z.1m',
  '20261121T140210Z.5s',
  '20261399T999999Z.10s',
  '14:02',
])('%s is no moment', (text) => {
  expect(momentFrom(text)).toBeUndefined();
});

describe('words', () => {
  test.for([
    [{ toMs: at(14, 2), step: '1m' }, '14:02 UTC, 1 min window'],
    [{ toMs: at(14, 2, 10), step: '10s' }, '14:02:10 UTC, 10 s window'],
    [{ toMs: at(14) - 86_400_000, step: '10m' }, '20 Nov 14:00 UTC, 10 min window'],
  ] as const)('of %o', ([moment, words]) => {
    expect(momentWords(moment, at(15), 'utc')).toBe(words);
  });

  test('in local time as long as nobody chose otherwise', () => {
    const local = new Date(2026, 10, 21, 14, 2, 10).getTime();
    const later = new Date(2026, 10, 22, 9).getTime();
    expect(momentWords({ toMs: local, step: '10s' }, local)).toBe('14:02:10, 10 s window');
    expect(momentWords({ toMs: local, step: '10s' }, later)).toBe('21 Nov 14:02:10, 10 s window');
  });

  test('of a span', () => {
    expect(spanWords({ fromMs: at(13, 59, 50), toMs: at(14) }, at(15), 'utc')).toBe('13:59:50–14:00 UTC');
  });
});

test('the last moment is over, and was reported', () => {
  expect(lastMoment(at(14, 2, 12))).toEqual({ toMs: at(14, 2), step: '10s' });
  expect(lastMoment(at(14, 2, 13))).toEqual({ toMs: at(14, 2, 10), step: '10s' });
  expect(lastMoment(at(14, 2, 13), '10m')).toEqual({ toMs: at(14), step: '10m' });
});

test('what is compared is equally long, in whole minutes', () => {
  const [early, late] = [
    { toMs: at(13), step: '10m' },
    { toMs: at(14, 2, 10), step: '10s' },
  ] as const;
  expect(comparedSpans(late, early)).toEqual({
    before: { fromMs: at(12, 50), toMs: at(13) },
    after: { fromMs: at(13, 52), toMs: at(14, 2) },
  });
  expect(comparedSpans(late, late).before).toEqual({ fromMs: at(14, 1), toMs: at(14, 2) });
  expect(spanOf(late)).toEqual({ fromMs: at(14, 2), toMs: at(14, 2, 10) });
});
