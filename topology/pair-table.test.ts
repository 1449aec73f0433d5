import { expect, test } from 'vitest';
import { firstOfRow, PairTable } from './pair-table.ts';

test('finds every pair with what stands beside it, however much it has grown, and no other', () => {
  const table = new PairTable<string>();
  const count = 60;
  for (let from = 0; from < count; from++)
    for (let to = 0; to < count; to++) {
      const row = table.add(from, to, `${from} ${to}`);
      table.rows[row + firstOfRow] = from * to;
    }
  expect(table.size).toBe(count * count);
  for (let from = 0; from < count; from++)
    for (let to = 0; to < count; to++) {
      const row = table.find(from, to);
      expect([table.value(row), table.rows[row + firstOfRow]]).toEqual([`${from} ${to}`, from * to]);
    }
  expect([table.find(0, count), table.find(count, 0)]).toEqual([-1, -1]);
  table.clear();
  expect([table.size, table.find(0, 0)]).toEqual([0, -1]);
});
