import { record, type Histogram } from '@netring/contract/histogram';
import { expect, test } from 'vitest';
import { slowOverMs, type KindOfPath } from './slow-over.ts';

const slow = 80;
const fine = 40;

/** A kind with these values in buckets of 10 s, from the start of time on. */
function kind(name: 'tcp' | 'icmp' | 'udp', ...lists: number[][]): KindOfPath {
  const none = { boot: 'b', seq: 0, checks: 0, failed: 0, voided: 0, sent: 0, lost: 0 };
  return {
    usual: { kind: name, median_ms: 40, spread_ms: 0.2, minutes: 900 },
    buckets: lists.map((list, n) => {
      const latency: Histogram = [];
      for (const ms of list) record(latency, ms);
      return { ...none, n, startedMs: 10_000 * n, latency };
    }),
  };
}

const many = (ms: number) => Array.from({ length: 40 }, () => ms);
const mixed = (slowOnes: number) => [...many(fine).slice(slowOnes), ...many(slow).slice(0, slowOnes)];

test.each<[string, KindOfPath[], number, number]>([
  ['nothing was slow', [kind('udp', many(fine), many(fine))], 20_000, 0],
  ['it is still slow', [kind('udp', many(slow), many(slow))], 20_000, 0],
  ['it has been fine for too short', [kind('udp', many(slow), many(fine))], 20_000, 0],
  ['it has been fine for long enough', [kind('udp', many(slow), many(fine), many(fine))], 25_000, 10_000],
  ['it is fine now and then, as before', [kind('udp', mixed(22), mixed(18), mixed(17))], 30_000, 0],
  ['a few slow ones remain', [kind('udp', many(slow), mixed(9), mixed(9))], 30_000, 10_000],
  [
    'few values say so, which were all slow',
    [kind('tcp', [slow, slow], [fine, fine], [fine])],
    25_000,
    10_000,
  ],
  ['too few values say so', [kind('tcp', [slow, slow], [fine], [fine])], 30_000, 0],
  [
    'too few values say so after times that were mixed',
    [kind('tcp', [slow, slow, fine], [fine, fine], [fine, fine])],
    30_000,
    0,
  ],
  [
    'one that is measured seldom was slow as well',
    [kind('icmp', [slow, slow, slow]), kind('udp', many(slow), many(fine), many(fine))],
    25_000,
    10_000,
  ],
  [
    'one alone was slow, of which nothing is known since',
    [kind('icmp', [slow, slow, slow]), kind('udp', many(fine), many(fine), many(fine))],
    25_000,
    0,
  ],
])('%s', (_, kinds, nowMs, overMs) => {
  expect(slowOverMs(kinds, nowMs)).toBe(overMs);
});
