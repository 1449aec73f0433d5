import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareLogIds } from '../store.ts';
import { allTables, logEntryKey, readKey, readLogId, tableKey, tableRange } from './keys.ts';

const name = fc.string({ unit: 'binary' });
const id = fc.tuple(fc.nat({ max: 2 ** 45 }), fc.nat()).map(([ms, counter]) => `${ms}-${counter}`);
const order = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('keys of the embedded store', () => {
  test('give back the names they were made of', () => {
    fc.assert(
      fc.property(name, name, id, (group, key, logId) => {
        expect(readKey(tableKey(group, key))).toEqual({ name: group, rest: key });
        const read = readKey(logEntryKey(group, logId));
        expect([read.name, readLogId(read.rest)]).toEqual([group, logId]);
      }),
    );
  });

  test('lie in the range of their own group and of no other', () => {
    const isWithin = (text: string, { gte, lt }: { gte: string; lt: string }) =>
      order(text, gte) >= 0 && order(text, lt) < 0;
    fc.assert(
      fc.property(name, name, name, (group, other, key) => {
        expect(isWithin(tableKey(group, key), allTables)).toBe(true);
        expect(isWithin(tableKey(group, key), tableRange(group))).toBe(true);
        expect(isWithin(tableKey(group, key), tableRange(other))).toBe(group === other);
      }),
    );
  });

  test('order log entries as their ids', () => {
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(Math.sign(order(logEntryKey('log', a), logEntryKey('log', b)))).toBe(
          Math.sign(compareLogIds(a, b)),
        );
      }),
    );
  });
});
