import { expect, test } from 'vitest';
import { saidOfItself } from './said-of-itself.ts';

const self = { event_loop_delay_ms: 1, outbox_buckets: 0, outbox_dropped: 0, probes_off: [] };
const schedule = { checks: { interval_ms: 5_000, count: 2, next_in_ms: [400] } };

test.for([
  ['a member that has said nothing', undefined, { probes_off: [] }],
  ['one of an older version', { self, atMs: 1_000 }, { probes_off: [] }],
  [
    'a clock that is ahead',
    { self: { ...self, clock_ms: 4_200 }, atMs: 1_000 },
    { probes_off: [], clock_ahead_ms: 3_200 },
  ],
  [
    'a clock that is behind',
    { self: { ...self, clock_ms: 400 }, atMs: 1_000 },
    { probes_off: [], clock_ahead_ms: -600 },
  ],
  [
    'its own plan, with the time it was told',
    { self: { ...self, schedule }, atMs: 7 },
    { probes_off: [], schedule: { at_ms: 7, ...schedule } },
  ],
] as const)('%s', ([, told, expected]) => {
  expect(saidOfItself(told && { ...told, self: { ...told.self, probes_off: [] } })).toEqual(expected);
});
