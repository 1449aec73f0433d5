import { expect, it } from 'vitest';
import { AddressTable } from './address-table.ts';

const held = (containerId: string, name: string, network = 'shop') => ({
  network,
  address: '172.30.0.2',
  containerId,
  name,
});

it('an address is whose it was at the time', () => {
  const table = new AddressTable();
  table.update([held('a', 'orders')], 1000);
  table.update([held('b', 'payments')], 2000);
  table.update([], 3000);
  expect([500, 1000, 1999, 2000, 3000].map((atMs) => table.nameAt('shop', '172.30.0.2', atMs))).toEqual([
    ...[undefined, 'orders', 'orders', 'payments', undefined],
  ]);
});

it('an address that two networks use is known within each, and between them by nobody’s name', () => {
  const table = new AddressTable();
  table.update([held('a', 'orders'), held('b', 'billing', 'office')], 0);
  expect(table.nameAt('shop', '172.30.0.2', 1)).toBe('orders');
  expect(table.nameAt('office', '172.30.0.2', 1)).toBe('billing');
  expect(table.nameAt(undefined, '172.30.0.2', 1)).toBeUndefined();
});

it('what was given up is forgotten after a quarter of an hour, or when there is too much of it', () => {
  const table = new AddressTable();
  table.update([held('a', 'orders')], 0);
  table.update([], 1000);
  table.update([], 900_000);
  expect(table.nameAt('shop', '172.30.0.2', 500)).toBe('orders');
  table.update([], 901_001);
  expect(table.nameAt('shop', '172.30.0.2', 500)).toBeUndefined();
  const many = Array.from({ length: 20_001 }, (_, at) => ({
    ...held(`c${at}`, 'web'),
    address: `fd00::${at}`,
  }));
  table.update(many, 902_000);
  table.update([], 902_001);
  expect(table.nameAt('shop', 'fd00::7', 902_000)).toBeUndefined();
});
