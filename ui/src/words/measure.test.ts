import { expect, test } from 'vitest';
import { counted, latencyText, lossText } from './measure.ts';

test.for([
  [0.04, '0.04 ms'],
  [0.994, '0.99 ms'],
  [0.996, '1.0 ms'],
  [4.24, '4.2 ms'],
  [9.96, '10 ms'],
  [87.4, '87 ms'],
  [999.4, '999 ms'],
  [1_240, '1.24 s'],
  [12_400, '12.4 s'],
] as const)('%d ms reads %s', ([ms, says]) => {
  expect(latencyText(ms)).toBe(says);
});

test.for([
  [12, 0, undefined],
  [0, 0, undefined],
  [12, 4, '33 %'],
  [1000, 5, '0.5 %'],
  [100, 4, '4 %'],
  [100_000, 3, '<0.1 %'],
  [12, 12, '100 %'],
] as const)('of %i sent, %i lost reads %s', ([sent, lost, says]) => {
  expect(lossText(sent, lost)).toBe(says);
});

test('counts agree with their noun', () => {
  expect(counted(1, 'path')).toBe('1 path');
  expect(counted(2, 'path')).toBe('2 paths');
});
