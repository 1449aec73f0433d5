import { expect, test } from 'vitest';
import {
  exampleMember,
  exampleNowMs,
  exampleOverview,
  examplePath,
  mesh,
  threeLocations,
} from '../example/example-ring.ts';
import { exampleIncident } from '../example/example-alerts.ts';
import type { Connection } from '../live/connection.ts';
import { fromSnapshot, type Picture } from '../live/picture.ts';
import { tooOldMs } from './coverage-headline.ts';
import { headlineOf, whereTo } from './headline.ts';
import { phraseText } from './phrase.ts';
import { troublesOf } from './trouble.ts';

const live: Connection = { kind: 'live' };
const at = (hours: number, minutes: number): number =>
  new Date(new Date(exampleNowMs).setHours(hours, minutes, 0, 0)).getTime();
const nowMs = at(14, 10);

function said(picture: Picture | undefined, connection: Connection = live, now = exampleNowMs): string {
  const troubles = picture === undefined ? [] : troublesOf(picture);
  const { tone, text } = headlineOf(picture, troubles, connection, now);
  return `${tone}: ${phraseText(text).replace(/[\u2068\u2069]/g, '')}`;
}

function covered(planned: number, measured: number, oldest_age_ms?: number): Picture {
  const coverage = { planned, measured, ...(oldest_age_ms !== undefined && { oldest_age_ms }) };
  return fromSnapshot(
    exampleOverview([exampleMember('a', 'us1'), exampleMember('b', 'eu1')], [], { coverage }),
  );
}

test.for([
  ['all is well', threeLocations(), 'ok: All 6 paths between 3 locations are up; oldest measurement 4 s old'],
  [
    'external targets are named apart',
    fromSnapshot(
      exampleOverview(
        [exampleMember('a', 'us1')],
        [...mesh(['eu1', 'us1']), examplePath('us1', 'shop', { target_kind: 'external' })],
      ),
    ),
    'ok: All 3 paths between 2 locations and 1 external target are up; oldest measurement 4 s old',
  ],
  [
    'a path is down',
    threeLocations({ 'us1 eu1': { state: 'down', since_ms: at(14, 2) } }),
    'bad: us1 → eu1 is down since 14:02',
  ],
  [
    'the time stands before the explanation',
    threeLocations({
      'us1 eu1': { state: 'down', since_ms: at(14, 2) },
      'ap1 eu1': { state: 'down', since_ms: at(14, 3) },
    }),
    'bad: Nothing reaches eu1 since 14:02: all 2 paths to it are down',
  ],
  [
    'nobody is here',
    fromSnapshot(exampleOverview([], [])),
    'unknown: Nothing is measured yet: waiting for members',
  ],
  [
    'everybody has said goodbye',
    fromSnapshot(exampleOverview([exampleMember('a', 'us1', { status: 'deregistered' })], [])),
    'unknown: Nothing is measured yet: waiting for members',
  ],
  [
    'one member alone',
    fromSnapshot(exampleOverview([exampleMember('a', 'us1')], [])),
    'unknown: One member is here: a path needs two',
  ],
  ['nothing measured', covered(2, 0), 'unknown: Nothing is measured yet: 2 paths planned'],
  [
    'half measured is not green',
    covered(6, 4, 2_000),
    'unknown: 4 of 6 planned paths are measured and up; oldest measurement 2 s old',
  ],
] as [string, Picture, string][])('%s', ([, picture, says]) => {
  expect(said(picture, live, nowMs)).toBe(says);
});

test('measurements that are too old back no green', () => {
  const picture = threeLocations();
  expect(said(picture, live, exampleNowMs + tooOldMs)).toMatch(
    /^unknown: .* when last measured; .* 2 min old$/,
  );
});

test('a stream or store that is away is told before anything else', () => {
  const broken = threeLocations({ 'us1 eu1': { state: 'down' } });
  const lost: Connection = { kind: 'lost', sinceMs: at(14, 2), reason: 'The connection broke' };
  expect(said(broken, lost, nowMs)).toBe(
    'still: No word from the registry since 14:02: the picture stands still',
  );
  const away = { ...broken, store: { state: 'away', since_ms: at(14, 3) } as const };
  expect(said(away, live, nowMs)).toBe(
    "still: The registry's store is away since 14:03: the picture stands still",
  );
});

test('without a picture it says what is missing', () => {
  expect(said(undefined, { kind: 'connecting' })).toBe('unknown: Asking the registry …');
  expect(said(undefined, { kind: 'lost', reason: 'x' })).toBe('unknown: The registry cannot be reached');
  expect(said(threeLocations(), { kind: 'denied' })).toMatch(/view token/);
});

test('what is spoken does not change with ages', () => {
  const picture = threeLocations();
  const spoken = (now: number): string => headlineOf(picture, [], live, now).spoken;
  expect(spoken(exampleNowMs + 3_000)).toBe(spoken(exampleNowMs));
});

test('an incident says since when, and what crosses the place', () => {
  const crossing = { dependencies: 6, services: ['orders', 'payments'], more_services: 0, now: true };
  const summary = 'eu1 → us1 loses 4 %, at hop 5';
  const incident = exampleIncident('a', { summary, started_ms: at(14, 2), crossing });
  const picture = { ...threeLocations(), incidents: [incident] };
  expect(said(picture, live, nowMs)).toBe(
    `warn: ${summary}, since 14:02; 6 dependencies of orders and payments cross it`,
  );
  expect(headlineOf(picture, [], live, nowMs).pair).toMatchObject({ source: 'us1', target: 'eu1' });
  const own = exampleIncident('a', { cause: { kind: 'service', subject: { service: 'eu1/payments' } } });
  expect(headlineOf({ ...picture, incidents: [own] }, [], live, nowMs).opens).toEqual({
    kind: 'service',
    id: 'eu1/payments',
  });
});

test('a green says on how much it stands, services too', () => {
  const detail = (services?: string): string =>
    phraseText(headlineOf(threeLocations(), [], live, exampleNowMs, services).detail);
  expect(detail()).toBe('6 of 6 planned member paths measured');
  expect(detail('2 dependencies of services, none slow or failing')).toBe(
    '6 of 6 planned member paths measured · 2 dependencies of services, none slow or failing',
  );
});

test.for([
  [{ source_location: 'a', target_location: 'b' }, { pair: { source: 'a', kind: 'member', target: 'b' } }],
  [
    { source_location: 'a', target_location: 'shop', external: true },
    { pair: { source: 'a', kind: 'external', target: 'shop' } },
  ],
  // Within one location there is no pair to open.
  [
    { dependency: 'd', source_location: 'a', target_location: 'a', source: 'm', target: 'm' },
    { opens: { kind: 'dependency', id: 'd' } },
  ],
  [
    { dependency: 'd', source_location: 'a', target_location: 'b' },
    { opens: { kind: 'dependency', id: 'd' } },
  ],
  [{ service: 'us1/orders', location: 'us1' }, { opens: { kind: 'service', id: 'us1/orders' } }],
  [{ location: 'us1', instance_id: 'm' }, {}],
] as const)('what %j opens', ([subject, where]) => {
  expect(whereTo(subject)).toEqual(where);
});
