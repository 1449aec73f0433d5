import { expect, test } from 'vitest';
import { hopTable, traceLine } from './hop-table.ts';

const answer = (ip: string, ms: number) => ({
  ip,
  received: 3,
  min_ms: ms,
  median_ms: ms + 0.5,
  max_ms: 120,
});

test('hops stand under each other, silent ones too, the worst step marked', () => {
  const hops = [
    { ttl: 1, sent: 3, answers: [answer('10.0.0.1', 0.25)], added_ms: 0.25 },
    { ttl: 2, sent: 3, answers: [] },
    { ttl: 3, sent: 3, answers: [answer('10.0.3.1', 80), answer('10.0.3.2', 81)], added_ms: 79.75 },
  ];
  const worst_step = { ttl: 3, ip: '10.0.3.1', added_ms: 39.9 };
  expect(hopTable({ hops, worst_step }).split('\n')).toEqual([
    'HOP  ROUTER    ANSWERED  MIN ms  MEDIAN ms  MAX ms  ADDS ms',
    '1    10.0.0.1  3 of 3    0.25    0.75       120     0.25',
    '2    *         0 of 3                                        silent',
    '3    10.0.3.1  3 of 3    80.0    80.5       120     79.8     worst step',
    '     10.0.3.2  3 of 3    81.0    81.5       120',
  ]);
});

test.each([
  [true, undefined, 'reached in 0 hops, traced 5 s ago within 31 ms'],
  [false, 'no\u001b[2J echo', 'not reached (no\ufffd[2J echo), traced 5 s ago within 31 ms'],
])('how it went: reached %s', (reached, reason, text) => {
  const trace = {
    id: 'a',
    source: 'us1-a',
    target: 'eu1-a',
    cause: 'asked' as const,
    protocol: 'icmp' as const,
    outcome: reached ? ('ok' as const) : ('timeout' as const),
    reached,
    hops: [],
    at_ms: 1000,
    duration_ms: 31.2,
    ...(reason !== undefined && { reason }),
  };
  expect(traceLine(trace, 6000)).toBe(text);
});
