import { describe, expect, test } from 'vitest';
import {
  exampleMember,
  exampleNowMs as now,
  exampleOverview,
  examplePath,
  mesh,
  threeLocations,
} from '../example/example-ring.ts';
import { applyChanges, fromSnapshot } from '../live/picture.ts';
import { staleAfterMs } from './cell.ts';
import { rollMatrix, type Matrix } from './roll.ts';

const none = (): boolean => false;
const picture = threeLocations();

test('locations in natural order, external targets after them', () => {
  const paths = [
    ...mesh(['us10', 'us2']),
    examplePath('us2', 'shop', { target_kind: 'external' }),
    examplePath('us2', 'bank', { target_kind: 'external' }),
  ];
  const matrix = rollMatrix(fromSnapshot(exampleOverview([], paths)), 'all', now, none);
  expect(matrix.rows.map(({ name }) => name)).toEqual(['us2', 'us10']);
  expect(matrix.columns.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'member us2',
    'member us10',
    'external bank',
    'external shop',
  ]);
  expect(matrix.rows[1]?.cells.map((cell) => cell.path?.target)).toEqual([
    'us2',
    undefined,
    undefined,
    undefined,
  ]);
});

describe('which locations', () => {
  const gone = exampleMember('x', 'old1', { status: 'deregistered' });
  const off = exampleMember('y', 'dead1', { status: 'offline' });
  const members = [exampleMember('a', 'us1'), gone, off];
  const held = fromSnapshot(exampleOverview(members, [examplePath('us1', 'dead1')]));

  test('one whose members have all said goodbye, and to which no path leads, is left out', () => {
    const matrix = rollMatrix(held, 'all', now, none);
    expect(matrix.rows.map(({ name }) => name)).toEqual(['dead1', 'us1']);
  });

  test('one whose members are all hidden is left out and counted', () => {
    const matrix = rollMatrix(held, 'all', now, ({ status }) => status === 'offline');
    expect(matrix.rows.map(({ name }) => name)).toEqual(['us1']);
    expect(matrix.hidden).toBe(1);
  });
});

describe('rolling again', () => {
  const first = rollMatrix(picture, 'all', now, none);

  test('nothing changed: the same matrix', () => {
    const again = rollMatrix(picture, 'all', now + 1_000, none, first);
    expect(again).toBe(first);
  });

  test('one path changed: one cell of one row is new', () => {
    const data = {
      now_ms: now,
      location_paths: [examplePath('us1', 'eu1', { state: 'down' })],
      removed: [],
      coverage: picture.coverage,
    };
    const next = applyChanges(picture, [{ name: 'paths', data }]) ?? picture;
    const again = rollMatrix(next, 'all', now, none, first);
    expect(again.rows.map((row, index) => row === first.rows[index])).toEqual([true, true, false]);
    expect(again.rows[2]?.cells.map((cell, index) => cell === first.rows[2]?.cells[index])).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('values that grew stale are rolled again by the clock alone', () => {
    const again = rollMatrix(picture, 'all', now + staleAfterMs, none, first);
    expect(again.rows[0]).not.toBe(first.rows[0]);
    expect(again.rows[0]?.cells[1]?.note).toBe('17 s old');
  });

  test('another view is rolled afresh', () => {
    const again = rollMatrix(picture, 'http', now, none, first);
    expect(again.rows[0]?.cells[1]?.value).toBe('21');
  });
});

test('of ten thousand paths, rolling again costs a part of the first time', () => {
  const names = Array.from({ length: 100 }, (_, index) => `s${index}`);
  const big = fromSnapshot(exampleOverview([], mesh(names)));
  const took = (previous?: Matrix): number => {
    // The shortest of many: what disturbs a round makes it longer, and nothing makes it shorter.
    const rounds = Array.from({ length: 10 }, () => {
      const startedMs = performance.now();
      rollMatrix(big, 'all', now + 1_000, none, previous);
      return performance.now() - startedMs;
    });
    return Math.min(...rounds);
  };
  const first = rollMatrix(big, 'all', now, none);
  expect(took(first)).toBeLessThan(took() / 2);
});
