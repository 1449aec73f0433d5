import { expect, test } from 'vitest';
import { exampleNowMs as now, examplePath, threeLocations } from '../example/example-ring.ts';
import { filterMatrix, leftOut, type Filter } from './filter.ts';
import { rollMatrix } from './roll.ts';

const slow = { kind: 'tcp', state: 'ok', p50_ms: 120, sent: 12, lost: 0, at_ms: now - 1_000 } as const;
const matrix = rollMatrix(
  threeLocations({
    'us1 eu1': { state: 'down', checks: [] },
    'ap1 eu1': examplePath('ap1', 'eu1', { checks: [slow] }),
    'eu1 us1': { answering: false },
  }),
  'all',
  now,
  () => false,
);

/** What is left, as `source target`. */
function left(filter: Partial<Filter>): string[] {
  const { columns, rows } = filterMatrix(matrix, { problems: false, ...filter });
  return rows.flatMap(({ name, cells }) =>
    cells.flatMap((cell, index) => (cell.path === undefined ? [] : [`${name} ${columns[index]?.name}`])),
  );
}

test('nothing to filter: the same matrix', () => {
  expect(filterMatrix(matrix, { problems: false })).toBe(matrix);
});

test.for([
  [{ from: 'us1' }, ['us1 ap1', 'us1 eu1']],
  [{ to: 'eu1' }, ['ap1 eu1', 'us1 eu1']],
  [{ from: 'us1', to: 'eu1' }, ['us1 eu1']],
  [{ from: 'nowhere' }, []],
  [{ problems: true }, ['eu1 us1', 'us1 eu1']],
  [{ failures: true }, ['eu1 us1', 'us1 eu1']],
  [{ aboveMs: 100 }, ['ap1 eu1']],
  [{ belowMs: 100 }, ['ap1 us1', 'eu1 ap1', 'eu1 us1', 'us1 ap1']],
  [{ belowMs: 100, problems: true }, ['eu1 us1']],
] as [Partial<Filter>, string[]][])('%j', ([filter, names]) => {
  expect(left(filter)).toEqual(names);
});

test('rows and columns with nothing left go, and what is left out between them says so', () => {
  const { columns, rows } = filterMatrix(matrix, { problems: true });
  expect(columns.map(({ name }) => name)).toEqual(['eu1', 'us1']);
  expect(rows.map(({ name }) => name)).toEqual(['eu1', 'us1']);
  expect(rows[0]?.cells[0]).toBe(leftOut);
});
