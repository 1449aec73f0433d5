import { beforeAll, describe, expect, test } from 'vitest';
import { freshAttempts } from '../lab/accuracy.ts';
import { buildNetring } from '../start/built-netring.ts';
import { redisUnavailableReason } from '../redis/index.ts';
import { isMet, median, quantile, type Bench, type Figure } from './bench.ts';
import { benchTable, number } from './bench-table.ts';
import { benches } from './benches.ts';

const reason = redisUnavailableReason();
/** Side by side with others they would count what these leave them; sockets are looked at less often on a busy machine. */
const takesAllCores = new Set(['ingest', 'probes', 'topology', 'sockets']);

describe.skipIf(reason !== undefined)(`a bench${reason ? ` (skipped: ${reason})` : ''}`, () => {
  // A member's probe process runs compiled.
  beforeAll(buildNetring);
  // What some of them count is what they measured.
  const options = { ...freshAttempts, timeout: 300_000 };
  const run = async (_: string, bench: Bench) => {
    const { figures, counts } = await bench.run({ smoke: true, say: () => undefined });
    for (const { name, expected, found } of counts) expect([name, found]).toEqual([name, expected]);
    // A difference of two times may be negative in so short a run.
    const isFigure = ({ unit, ours }: Figure) => ours > 0 || (unit === 'ms' && Number.isFinite(ours));
    expect(figures.filter((one) => !isFigure(one))).toEqual([]);
  };
  const title = '%s runs and counts right, in its short form';
  const named = benches.map((bench) => [bench.name, bench] as const);
  test.each(named.filter(([name]) => takesAllCores.has(name)))(title, options, run);
  // The others mostly start things and wait for them.
  test.concurrent.each(named.filter(([name]) => !takesAllCores.has(name)))(title, options, run);
});

describe('a goal', () => {
  const figure: Figure = { name: 'f', unit: 'u', ours: 10 };
  test.each<[string, Figure, boolean | undefined]>([
    ['no goal', figure, undefined],
    ['at least, met', { ...figure, goal: { of: 'ours', is: 'at least', value: 10 } }, true],
    ['at least, missed', { ...figure, goal: { of: 'ours', is: 'at least', value: 11 } }, false],
    ['at most, missed', { ...figure, goal: { of: 'ours', is: 'at most', value: 9 } }, false],
    ['ratio, met', { ...figure, peer: 5, goal: { of: 'ratio', is: 'at least', value: 2 } }, true],
    ['ratio, missed', { ...figure, peer: 6, goal: { of: 'ratio', is: 'at least', value: 2 } }, false],
    ['ratio without a peer', { ...figure, goal: { of: 'ratio', is: 'at least', value: 2 } }, undefined],
    ['not a number', { ...figure, ours: NaN, goal: { of: 'ours', is: 'at most', value: 9 } }, false],
  ])('is judged: %s', (_, one, met) => {
    expect(isMet(one)).toBe(met);
  });
});

describe('the table', () => {
  test('shows figure, ours, peer, ratio, goal and whether it is met', () => {
    const figures: Figure[] = [
      {
        name: 'speed',
        unit: '1/s',
        ours: 250_000,
        peer: 50_000,
        goal: { of: 'ratio', is: 'at least', value: 2 },
      },
    ];
    const counts = [{ name: 'found', expected: 2, found: 1 }];
    expect(benchTable({ figures, counts, notes: ['quiet'] }).split('\n')).toEqual([
      'figure          ours    peer  ratio  goal       met?',
      'speed (1/s)  250,000  50,000      5  ratio ≥ 2  yes',
      'WRONG: found: 1 instead of 2',
      'note: quiet',
    ]);
  });

  test.each([
    [1234567, '1,234,567'],
    [99.96, '100'],
    [1.2345, '1.23'],
    [0.0123456, '0.0123'],
  ])('writes %d as %s', (value, text) => {
    expect(number(value)).toBe(text);
  });
});

test('medians and other quantiles lie between neighbours', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9);
  expect(median([])).toBeNaN();
});
