import { expect, test } from 'vitest';
import { asksForWall, withoutWall, withWall } from './wall-address.ts';

test.for([
  ['', false, '?wall', ''],
  ['?wall', true, '?wall', ''],
  ['?wall=1', true, '?wall', ''],
  ['?wall=0', false, '?wall', ''],
  ['?a=b%26c', false, '?a=b%26c&wall', '?a=b%26c'],
  ['?a=b&wall', true, '?a=b&wall', '?a=b'],
] as const)('%s', ([search, asks, on, off]) => {
  expect([asksForWall(search), withWall(search), withoutWall(search)]).toEqual([asks, on, off]);
});
