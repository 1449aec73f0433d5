import { expect, test } from 'vitest';
import { checkWindow } from './check-window.ts';

test.each([
  [{}],
  [{ fromMs: 0, toMs: 10 }],
  [{ fromMs: 10, toMs: 10 }],
  [{ fromMs: -Infinity, toMs: Infinity }],
  [{ lastMs: 60_000 }],
  [{ lastMs: Infinity, toMs: 5 }],
])('%j is a window', (window) => {
  expect(() => checkWindow(window)).not.toThrow();
});

test.each([
  [{ fromMs: NaN }, 'fromMs: NaN must be a number of milliseconds from 0.'],
  [{ toMs: -1 }, 'toMs: -1 must be a number of milliseconds from 0.'],
  [{ toMs: -Infinity }, 'toMs: -Infinity must be a number of milliseconds from 0.'],
  [{ lastMs: -60_000 }, 'lastMs: -60000 must be a number of milliseconds from 0.'],
  [{ lastMs: '1m' as unknown as number }, 'lastMs: 1m must be a number of milliseconds from 0.'],
  [{ fromMs: 20, toMs: 10 }, 'fromMs: 20 must not lie after toMs (10).'],
  [{ fromMs: 20, lastMs: 10 }, 'lastMs: must not be given together with fromMs.'],
])('%j is none', (window, message) => {
  expect(() => checkWindow(window)).toThrow(new RangeError(message));
});
