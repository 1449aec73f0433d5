import type { Alert, AlertsAnswer, Incident } from '@netring/contract/alert';
import { expect, test } from 'vitest';
import { alertTable, silenceTable } from './alert-table.ts';
import { readDuration } from './read-duration.ts';
import { readRule } from './read-rule.ts';

const nowMs = 10_000_000;
const incident: Incident = {
  id: 'abc',
  cause: { kind: 'location', subject: { location: 'eu1' } },
  severity: 'critical',
  state: 'open',
  summary: 'eu1 is cut off',
  started_ms: nowMs - 300_000,
  changed_ms: nowMs - 200_000,
  alerts: ['a'],
  silenced: false,
};
const alert: Alert = {
  id: 'a',
  rule: 'connectivity_down',
  severity: 'warning',
  state: 'firing',
  subject: { source_location: 'us1', target_location: 'eu1' },
  summary: 'us1 → eu1 is down',
  pending_since_ms: nowMs - 300_000,
  firing_since_ms: nowMs - 180_000,
  incident: 'abc',
  silenced_by: ['s'],
};
const answer: AlertsAnswer = {
  now_ms: nowMs,
  incidents: [incident, { ...incident, id: 'def', state: 'resolved', resolved_at_ms: nowMs }],
  alerts: [alert],
  silences: [
    {
      id: 's',
      kind: 'silence',
      matcher: { location: 'eu1', rule: 'loss' },
      from_ms: nowMs - 1000,
      to_ms: nowMs + 7_200_000,
      comment: 'known\u001b[2J',
      created_ms: nowMs,
    },
  ],
};

test('incidents stand before alerts, and what is over is left out', () => {
  expect(alertTable(answer).split('\n')).toEqual([
    'INCIDENT  SEVERITY  SINCE  WHAT',
    'abc       critical  5 min  eu1 is cut off',
    '',
    'ALERT              SEVERITY  STATE             SINCE  INCIDENT  WHAT',
    'connectivity_down  warning   firing, silenced  3 min  abc       us1 → eu1 is down',
  ]);
  expect(alertTable(answer, true)).toContain('5 min, over');
  expect(alertTable({ ...answer, incidents: [], alerts: [] })).toBe('No open incidents.');
});

test('an incident says what crosses its place', () => {
  const crossing = { dependencies: 6, services: ['orders', 'payments'], more_services: 0, now: true };
  const shown = alertTable({ ...answer, incidents: [{ ...incident, crossing }] });
  expect(shown).toContain('eu1 is cut off; 6 dependencies of orders and payments cross it');
});

test('a rule that does not exist is an error that lists those that do', () => {
  expect(readRule('loss')).toBe('loss');
  expect(readRule('dependency_*')).toBe('dependency_*');
  expect(() => readRule('lossy')).toThrow(
    /--rule: there is no rule "lossy"; the rules are connectivity_down, /,
  );
  expect(() => readRule('lossy*')).toThrow(/there is no rule/);
});

test('silences say what they match and how long, harmless for a terminal', () => {
  expect(silenceTable(answer).split('\n')).toEqual([
    'ID  KIND     MATCHES                  STATE         BY  COMMENT',
    's   silence  location=eu1, rule=loss  for 2 h more      known\ufffd[2J',
  ]);
});

test.each([
  ['90s', 90_000],
  ['15m', 900_000],
  ['1h30m', 5_400_000],
  ['2d', 172_800_000],
])('%s is %d ms', (text, ms) => {
  expect(readDuration('--for', text)).toBe(ms);
});

test.each(['', '5', '5 m', 'h', '-5m', '5m!'])('"%s" is no time', (text) => {
  expect(() => readDuration('--for', text)).toThrow(/--for must be a time such as/);
});
