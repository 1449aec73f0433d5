import { expect, test } from 'vitest';
import type { SignalValues } from './collector.ts';
import { createSignalBook, mostSignals } from './signal-book.ts';
import { addSignals, signalsOfSum, type SignalSum } from './signal-sums.ts';

const of = { source: 'service:a', target: 'service:b', protocol: 'tcp', evidence: 'caller' } as const;

test.each<[string, SignalValues[], SignalValues]>([
  ['nothing measured stays absent', [{}, {}], {}],
  [
    'counts add up, zero is a measurement',
    [
      { connections: 2, retransmits: 0, bytes_sent: 5 },
      { connections: 1, retransmits: 0, busy_ms: 7 },
    ],
    { connections: 3, retransmits: 0, bytes_sent: 5, busy_ms: 7 },
  ],
  [
    'sums and their counts add up',
    [
      { proxy: { sum_ms: 4, count: 2 } },
      { proxy: { sum_ms: 1, count: 1 }, connect: { sum_ms: 3, count: 1 } },
    ],
    { proxy: { sum_ms: 5, count: 3 }, connect: { sum_ms: 3, count: 1 } },
  ],
  [
    'the floor is the lowest',
    [{ rtt_floor_ms: 3 }, { rtt_floor_ms: 1 }, { rtt_floor_ms: 2 }],
    { rtt_floor_ms: 1 },
  ],
  [
    'the median is weighted by connections',
    [
      { rtt_ms: 1, connections: 1 },
      { rtt_ms: 50, connections: 10 },
      { rtt_ms: 2, connections: 1 },
    ],
    { rtt_ms: 50, connections: 12 },
  ],
  [
    'a queue has its last, least, greatest and sum',
    [
      { queue_bytes: { last: 5, min: 1, max: 9, sum: 15, count: 3 } },
      { queue_bytes: { last: 2, min: 2, max: 2, sum: 2, count: 1 } },
    ],
    { queue_bytes: { last: 2, min: 1, max: 9, sum: 17, count: 4 } },
  ],
  [
    'a few connections are named, each once',
    [{ tuples: ['a', 'b'] }, { tuples: ['b', 'c', 'd', 'e'] }],
    { tuples: ['a', 'b', 'c', 'd'] },
  ],
])('%s', (_, all, expected) => {
  const sum: SignalSum = { of, values: {}, looks: [] };
  for (const one of all) addSignals(sum, structuredClone(one));
  expect(signalsOfSum(sum)).toEqual({ ...of, ...expected });
});

test('what is told does not change what is told later', () => {
  const book = createSignalBook(10_000);
  const value = {
    queue_bytes: { last: 1, min: 1, max: 1, sum: 1, count: 1 },
    origin: { sum_ms: 1, count: 1 },
  };
  book.add({ ...of, atMs: 5000 }, value);
  book.add({ ...of, atMs: 5000 }, value);
  expect(value.origin.sum_ms).toBe(1);
  expect(book.of(0)).toMatchObject([{ origin: { sum_ms: 2 }, queue_bytes: { sum: 2 } }]);
});

test('buckets, ends, protocols and kinds of evidence are kept apart', () => {
  const book = createSignalBook(10_000);
  const kinds = [
    { ...of, atMs: 5000 },
    { ...of, atMs: 15_000 },
    { ...of, atMs: 5000, source: 'service:c' },
    { ...of, atMs: 5000, target: 'service:c' },
    { ...of, atMs: 5000, protocol: 'http' },
    { ...of, atMs: 5000, evidence: 'callee' as const },
  ];
  for (const one of [...kinds, ...kinds]) book.add(one, { connections: 1 });
  expect(book.of(0).map(({ connections }) => connections)).toEqual([2, 2, 2, 2, 2]);
  expect(book.of(10_000)).toEqual([{ ...of, connections: 2 }]);
  book.dropBefore(10_000);
  expect(book.of(0)).toEqual([]);
  expect([...book.buckets()]).toEqual([{ startMs: 10_000, changes: 2 }]);
});

test('beyond the bound signals are counted as dropped', () => {
  const book = createSignalBook(10_000);
  for (let n = 0; n < mostSignals + 3; n++)
    book.add({ ...of, target: `service:${n}`, atMs: 0 }, { connections: 1 });
  expect([book.of(0).length, book.dropped()]).toEqual([mostSignals, 3]);
});
