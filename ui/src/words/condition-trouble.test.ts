import type { Alert } from '@netring/contract/alert';
import { expect, test } from 'vitest';
import { conditionTroubles } from './condition-trouble.ts';

const narrow: Alert = {
  id: 'a1',
  rule: 'low_bandwidth',
  severity: 'warning',
  state: 'pending',
  subject: { source_location: 'us1', target_location: 'eu1' },
  summary: 'us1 → eu1 carries 19 Mbit/s, less than 100',
  pending_since_ms: 1_000,
  silenced_by: [],
};

test('what a bandwidth test found is told before it is an alert', () => {
  expect(conditionTroubles([narrow])).toMatchObject([
    {
      severity: 'warn',
      text: [{ said: 'us1 → eu1 carries 19 Mbit/s, less than 100' }],
      sinceMs: 1_000,
      pair: { source: 'us1', kind: 'member', target: 'eu1' },
    },
  ]);
});

test.for([
  ['fires: an incident tells it', { state: 'firing' }],
  ['is over', { state: 'resolved' }],
  ['is silenced', { silenced_by: ['s1'] }],
  ['is told by the state of the path', { rule: 'loss' }],
] as [string, Partial<Alert>][])('not when it %s', ([, but]) => {
  expect(conditionTroubles([{ ...narrow, ...but }])).toEqual([]);
});
