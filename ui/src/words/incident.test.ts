import { describe, expect, test } from 'vitest';
import type { Alert, AlertSubject, Incident } from '@netring/contract/alert';
import { exampleMember, exampleOverview, mesh, exampleNowMs as now } from '../example/example-ring.ts';
import { exampleAlert, exampleIncident } from '../example/example-alerts.ts';
import { fromSnapshot } from '../live/picture.ts';
import { alarmKey, noAlarms } from '../matrix/roll.ts';
import { headlineOf } from './headline.ts';
import { alarmsOf, sortedIncidents, untold, worstIncident } from './incident.ts';
import { phraseText } from './phrase.ts';
import { troublesOf } from './trouble.ts';

const us1eu1 = { source_location: 'us1', target_location: 'eu1' };

describe('which incident is told first', () => {
  test('the worst, then the newest, silenced ones last', () => {
    const all = [
      exampleIncident('quiet', { severity: 'critical', silenced: true }),
      exampleIncident('info', { severity: 'info' }),
      exampleIncident('old', { started_ms: now - 9_000 }),
      exampleIncident('new', { started_ms: now - 1_000 }),
      exampleIncident('worst', { severity: 'critical' }),
    ];
    expect(sortedIncidents(all).map(({ id }) => id)).toEqual(['worst', 'new', 'old', 'info', 'quiet']);
    expect(worstIncident(all)?.id).toBe('worst');
    expect(worstIncident(all.slice(0, 1))).toBeUndefined();
  });
});

describe('the headline', () => {
  const down = { 'us1 eu1': { state: 'down' } } as const;
  function headline(incidents: Incident[], but: Parameters<typeof mesh>[1] = {}): string {
    const overview = exampleOverview([exampleMember('a', 'us1')], mesh(['ap1', 'eu1', 'us1'], but), {
      incidents,
    });
    const picture = fromSnapshot(overview);
    const troubles = untold(troublesOf(picture), incidents, []);
    const { tone, text } = headlineOf(picture, troubles, { kind: 'live' }, now);
    // Since when is told in the zone of this machine.
    const said = phraseText(text).replace(/, since \d\d:\d\d/, ' since then');
    return `${tone}: ${said.replace(/[\u2068\u2069]/g, '')}`;
  }

  test.for([
    [
      'takes the incident',
      [exampleIncident('x', { severity: 'critical' })],
      down,
      'bad: x happened since then',
    ],
    ['with all paths up too', [exampleIncident('x')], {}, 'warn: x happened since then'],
    ['worse trouble goes first', [exampleIncident('x')], down, 'bad: us1 → eu1 is down'],
    [
      'what is only worth knowing is none',
      [exampleIncident('x', { severity: 'info' })],
      {},
      'ok: All 6 paths between 3 locations are up; oldest measurement 4 s old',
    ],
    [
      'a silenced one is none',
      [exampleIncident('x', { severity: 'critical', silenced: true })],
      {},
      'ok: All 6 paths between 3 locations are up; oldest measurement 4 s old',
    ],
  ] as [string, Incident[], Parameters<typeof mesh>[1], string][])('%s', ([, incidents, but, says]) => {
    expect(headline(incidents, but)).toBe(says);
  });
});

describe('trouble of which an incident tells is not told twice', () => {
  const troubles = (but: Parameters<typeof mesh>[1]) =>
    troublesOf(fromSnapshot(exampleOverview([], mesh(['ap1', 'eu1', 'us1'], but))));
  const both = { 'us1 eu1': { state: 'down' }, 'eu1 us1': { state: 'down' } } as const;
  const cut = { ...both, 'ap1 eu1': { state: 'down' }, 'eu1 ap1': { state: 'down' } } as const;
  const about = (kind: Incident['cause']['kind'], subject: Incident['cause']['subject']): Incident =>
    exampleIncident('x', { severity: 'critical', cause: { kind, subject } });

  test.for([
    ['a direction', about('direction', us1eu1), { 'us1 eu1': { state: 'down' } }, 0],
    ['another direction', about('direction', us1eu1), { 'eu1 us1': { state: 'down' } }, 1],
    ['a pair, both ways', about('location_pair', us1eu1), both, 0],
    ['a direction is not both', about('direction', us1eu1), both, 1],
    ['a location', about('location', { location: 'eu1' }), cut, 0],
    ['another location', about('location', { location: 'ap1' }), cut, 1],
  ] as [string, Incident, Parameters<typeof mesh>[1], number][])('%s', ([, incident, but, left]) => {
    expect(untold(troubles(but), [incident], [])).toHaveLength(left);
  });

  test('what its alerts are about counts too, silenced incidents do not', () => {
    const alerts = [exampleAlert('a', { subject: us1eu1, incident: 'x' })];
    const hop = about('hop', { hop_ip: '10.0.5.1' });
    expect(untold(troubles({ 'us1 eu1': { state: 'down' } }), [hop], alerts)).toHaveLength(0);
    expect(
      untold(troubles({ 'us1 eu1': { state: 'down' } }), [{ ...hop, silenced: true }], alerts),
    ).toHaveLength(1);
  });
});

test('a dependency is told by an incident about it, its service, or the way on which the network is blamed', () => {
  const one = { dependency: 'd', services: ['us1/a', 'eu1/b'] };
  const left = (but: object, subject: AlertSubject): number => {
    const about = [{ ...one, ...but }];
    const trouble = { severity: 'warn' as const, key: 'x', text: [], about };
    return untold([trouble], [exampleIncident('i', { cause: { kind: 'direction', subject } })], []).length;
  };
  const over = { over: { source: 'us1', target: 'eu1' } };
  expect(left({}, { dependency: 'd', source_location: 'x', target_location: 'y' })).toBe(0);
  expect(left({}, { dependency: 'other', ...us1eu1 })).toBe(1);
  expect(left({}, { service: 'eu1/b' })).toBe(0);
  expect(left({}, us1eu1)).toBe(1);
  expect(left(over, us1eu1)).toBe(0);
  expect(left(over, { location: 'us1' })).toBe(0);
  expect(left(over, { source_location: 'eu1', target_location: 'us1' })).toBe(1);
});

test('alerts give the numbers of their view a verdict, and stay the same object while they say the same', () => {
  const alerts: Alert[] = [
    exampleAlert('a', { rule: 'low_bandwidth', subject: us1eu1, summary: 'too low' }),
    exampleAlert('b', { rule: 'loss', subject: us1eu1 }),
    exampleAlert('c', { rule: 'low_bandwidth', subject: us1eu1, state: 'resolved' }),
  ];
  const first = alarmsOf(alerts, 'bandwidth', noAlarms);
  expect([...first]).toEqual([[alarmKey('us1', 'eu1'), 'too low']]);
  expect(alarmsOf([...alerts], 'bandwidth', first)).toBe(first);
  expect(alarmsOf(alerts, 'tcp', first)).toBe(noAlarms);
  expect(alarmsOf(alerts, 'traceroute', noAlarms)).toBe(noAlarms);
});
