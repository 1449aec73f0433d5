import { expect, test } from 'vitest';
import { timeReader } from './times.ts';

const times = timeReader();
const read = (kind: 'iso' | 'clf', text: string): number => {
  const bytes = Buffer.from(`[${text}]`);
  return times[kind](bytes, 1, bytes.length - 1);
};

test.each([
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
  ['2026-01-31T12:00:00.250Z', '2026-01-31T12:00:00.250Z'],
  ['2026-01-31T12:00:00.2509Z', '2026-01-31T12:00:00.250Z'],
  ['2026-01-31T12:00:00.5+05:30', '2026-01-31T06:30:00.500Z'],
  ['2026-01-31T12:00:00-0100', '2026-01-31T13:00:00.000Z'],
  ['2026-01-31T12:00:01Z', '2026-01-31T12:00:01.000Z'],
])('RFC 3339: %s', (text, expected) => {
  for (const _ of [1, 2]) expect(new Date(Math.floor(read('iso', text))).toISOString()).toBe(expected);
});

test.each([
  ['31/Jan/2026:12:00:00 +0000', '2026-01-31T12:00:00.000Z'],
  ['31/Jan/2026:12:00:00 +0100', '2026-01-31T11:00:00.000Z'],
  ['01/Dec/2026:23:59:59 -0730', '2026-12-02T07:29:59.000Z'],
])("Apache's: %s", (text, expected) => {
  for (const _ of [1, 2]) expect(new Date(read('clf', text)).toISOString()).toBe(expected);
});

test.each([
  ['iso', ''],
  ['iso', '2026-01-31T12:00:00'],
  ['iso', '2026-01-31T12:00:00 or so'],
  ['iso', '2026-13-31T12:00:00Z'],
  ['clf', '31/Foo/2026:12:00:00 +0000'],
  ['clf', '31/Jan/2026:12:00:00'],
  ['clf', '31/Jan/2026 12:00:00 +0000'],
] as const)('%s has no time in %j', (kind, text) => {
  expect(read(kind, text)).toBeNaN();
});
