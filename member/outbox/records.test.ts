import type { BandwidthTest } from '@netring/contract/bandwidth';
import { expect, test } from 'vitest';
import { createRecords } from './records.ts';

const skippedTest = (n: number, endedMs = n): BandwidthTest => ({
  id: `test ${n}`,
  target: 'eu1-a',
  started_ms: endedMs,
  ended_ms: endedMs,
  skipped: 'no lease',
});
const idsIn = (records: { bandwidth?: BandwidthTest[] }) => (records.bandwidth ?? []).map(({ id }) => id);

test('a record is told until it is known, oldest first, in reports of bounded size', () => {
  const records = createRecords(() => 1000);
  for (let n = 0; n < 20; n++) records.add('bandwidth', skippedTest(n));
  const first = records.toTell();
  expect(idsIn(first)).toEqual(Array.from({ length: 16 }, (_, n) => `test ${n}`));
  expect(records.toTell()).toEqual(first);
  records.told(first);
  expect(idsIn(records.toTell())).toEqual(['test 16', 'test 17', 'test 18', 'test 19']);
  expect(records.waiting()).toBe(4);
});

test('kinds that have nothing to tell are absent', () => {
  expect(createRecords(() => 0).toTell()).toEqual({});
});

test('a registry that forgot everything is told the young ones again', () => {
  const records = createRecords(() => 100_000);
  records.add('bandwidth', skippedTest(1, 10_000));
  records.add('bandwidth', skippedTest(2, 90_000));
  records.told(records.toTell());
  expect(records.toTell()).toEqual({});
  records.forgetTold(60_000);
  expect(idsIn(records.toTell())).toEqual(['test 2']);
});

test('beyond the bound the oldest known one goes first, and what nobody knew is counted', () => {
  const records = createRecords(() => 0);
  for (let n = 0; n < 16; n++) records.add('bandwidth', skippedTest(n));
  records.told(records.toTell());
  for (let n = 16; n < 272; n++) records.add('bandwidth', skippedTest(n));
  expect([records.waiting(), records.dropped()]).toEqual([256, 0]);
  records.add('bandwidth', skippedTest(272));
  expect([records.waiting(), records.dropped()]).toEqual([256, 1]);
  expect(idsIn(records.toTell())[0]).toBe('test 17');
});
