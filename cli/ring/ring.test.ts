import { expect, test } from 'vitest';
import { describeEnd } from './ring.ts';

const planned = { role: 'member', name: 'eu1', script: '', args: [] } as const;

test.each([
  [{ code: null, signal: 'SIGKILL' }, 'member eu1 (pid 12) was killed by SIGKILL'],
  [{ code: 0, signal: null }, 'member eu1 (pid 12) left'],
  [{ code: 3, signal: null }, 'member eu1 (pid 12) ended with code 3; its log: eu1.log'],
] as const)('%j reads: %s', (end, text) => {
  expect(describeEnd({ planned: { ...planned, args: [] }, pid: 12, logFile: 'eu1.log' }, end)).toBe(text);
});
