import { ownSchedule } from '@netring/contract/own-schedule';
import { expect, test } from 'vitest';
import type { Check } from './schedule/index.ts';
import { createTimetable } from './timetable.ts';

const config = { checkIntervalS: 5, tracerouteIntervalS: 300, bandwidthIntervalS: 0 };
const idle = { traceInMs: () => undefined, testInMs: () => undefined };
const checks = (...keys: string[]) => keys.map((key) => ({ target: { key } }) as Check);

test.for([
  ['nothing was checked yet', {}, []],
  ['the soonest first', { a: 4_000, b: 2_000 }, [1_000, 3_000]],
  ['what is past is not to come', { a: 900, b: 2_000 }, [1_000]],
  ['what comes close together is one', { a: 2_000, b: 2_300, c: 2_600 }, [1_000, 1_600]],
  ['who is not followed is not told', { a: 2_000, stranger: 3_000 }, [1_000]],
] as [string, Record<string, number>, number[]][])('next checks: %s', ([, due, expected]) => {
  const table = createTimetable(config, () => 1_000, idle);
  table.follow(checks('a', 'b', 'c'));
  for (const [key, nextMs] of Object.entries(due)) table.checked({ key, nextMs });
  expect(table.told()).toEqual({ checks: { interval_ms: 5_000, count: 3, next_in_ms: expected } });
});

test('a check that is followed no longer is forgotten; what is told is what a registry takes', () => {
  const table = createTimetable(config, () => 0, { traceInMs: () => 1234.5, testInMs: () => 0 });
  const keys = Array.from({ length: 50 }, (_, index) => `k${index}`);
  table.follow(checks(...keys));
  keys.forEach((key, index) => table.checked({ key, nextMs: 600 * (index + 1) }));
  expect(table.told().checks.next_in_ms).toHaveLength(16);
  table.follow(checks('k3'));
  const told = table.told();
  expect(told).toMatchObject({ checks: { count: 1, next_in_ms: [2_400] }, traceroute: { next_in_ms: 1235 } });
  expect(ownSchedule.parse(told)).toEqual(told);
});
