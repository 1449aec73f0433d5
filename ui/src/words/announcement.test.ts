import { expect, test } from 'vitest';
import { exampleMember, exampleOverview, examplePath, threeLocations } from '../example/example-ring.ts';
import { applyChanges, fromSnapshot, type Picture } from '../live/picture.ts';
import { announcements } from './announcement.ts';

const before = threeLocations();
const said = (after: Picture): string[] =>
  announcements(before, after).map((line) => line.replace(/[\u2068\u2069]/g, ''));

function changed(paths: Parameters<typeof examplePath>[]): Picture {
  const data = {
    now_ms: 1,
    location_paths: paths.map((path) => examplePath(...path)),
    removed: [],
    coverage: before.coverage,
  };
  return applyChanges(before, [{ name: 'paths', data }]) ?? before;
}

test('a state that changed is news, a number is not', () => {
  expect(said(changed([['us1', 'eu1', { state: 'down' }]]))).toEqual(['us1 → eu1 is down']);
  expect(said(changed([['us1', 'eu1', { at_ms: 5 }]]))).toEqual([]);
});

test('members that join or change their status are news', () => {
  const members = [
    exampleMember('ap1-a', 'ap1', { status: 'stale' }),
    ...[...before.members.values()].slice(1),
    exampleMember('new', 'us1'),
  ];
  expect(said({ ...fromSnapshot(exampleOverview(members, [])), paths: before.paths })).toEqual([
    'ap1-a is stale',
    'new has joined',
  ]);
});

test('much news is cut short', () => {
  const after = changed([
    ['us1', 'eu1', { state: 'down' }],
    ['eu1', 'us1', { state: 'down' }],
    ['us1', 'ap1', { state: 'down' }],
    ['ap1', 'us1', { state: 'down' }],
    ['eu1', 'ap1', { state: 'down' }],
  ]);
  expect(said(after)).toHaveLength(4);
  expect(said(after).at(-1)).toBe('and 2 more changes');
});
