import { expect, it } from 'vitest';
import { changedConditions, setLine, type LinkChange } from './link.ts';
import type { Conditions } from './network.ts';

const clean: Conditions = {
  delayMs: 5,
  jitterMs: 0,
  lossRatio: 0,
  rateMbit: 100,
  queueBytes: 625_000,
  cut: false,
  lossyFlows: null,
};

it.each<[change: LinkChange, effect: Partial<Conditions>]>([
  [{ cut: true }, { cut: true, delayMs: 5 }],
  [{ rateMbit: 20 }, { rateMbit: 20, queueBytes: 125_000 }],
  [
    { rateMbit: 20, queueBytes: 9_000 },
    { rateMbit: 20, queueBytes: 9_000 },
  ],
  [{ rateMbit: null }, { rateMbit: null, queueBytes: 64_000 }],
])('%o leaves the rest as it was', (change, effect) => {
  expect(changedConditions(clean, change)).toEqual({ ...clean, ...effect });
});

it.each<[change: LinkChange, message: string]>([
  [{ delayMs: -1 }, 'delayMs is -1; it must be from 0 to 10000'],
  [{ delayMs: NaN }, 'delayMs is NaN; it must be from 0 to 10000'],
  [{ lossRatio: 10 }, 'lossRatio is 10; it must be from 0 to 1'],
  [{ rateMbit: 0 }, 'rateMbit is 0; it must be from 0.01 to 100000'],
  [{ lossyFlows: { of: 4, index: 4, lossRatio: 1 } }, 'lossyFlows.index is 4; it must be from 0 to 3'],
])('refuses %o', (change, message) => {
  expect(() => changedConditions(clean, change)).toThrow(new Error(message));
});

it('tells the forwarder everything in its units', () => {
  const lossyFlows = { of: 4, index: 1, lossRatio: 0.3 };
  expect(setLine('ba', { ...clean, delayMs: 0.25, cut: true, lossyFlows })).toBe(
    'set ba delay_us=250 jitter_us=0 loss=0 rate_bps=100000000 queue_bytes=625000 cut=1' +
      ' flows_of=4 flows_index=1 flows_loss=0.3',
  );
});
