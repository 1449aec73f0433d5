import { describe, expect, test } from 'vitest';
import { exampleMember, exampleNowMs, exampleOverview, examplePath, mesh } from '../example/example-ring.ts';
import { allPaths, applyChanges, fromSnapshot, pathOf, type Change, type Picture } from './picture.ts';

const locations = ['ap1', 'eu1', 'us1'];
const start = fromSnapshot(exampleOverview([exampleMember('a', 'us1')], mesh(locations)));
const coverage = { planned: 6, measured: 5, oldest_age_ms: 1 };

function after(...changes: Change[]): Picture {
  return applyChanges(start, changes) ?? start;
}

function pathsChange(but: Partial<Extract<Change, { name: 'paths' }>['data']>): Change {
  return {
    name: 'paths',
    data: { now_ms: exampleNowMs + 1, location_paths: [], removed: [], coverage, ...but },
  };
}

test('before the first snapshot, changes are nothing', () => {
  expect(applyChanges(undefined, [pathsChange({})])).toBeUndefined();
});

test('a snapshot replaces everything', () => {
  const next = after({ name: 'snapshot', data: exampleOverview([], [examplePath('x', 'y')]) });
  expect(next.members.size).toBe(0);
  expect([...allPaths(next)].map(({ source }) => source)).toEqual(['x']);
});

test('a snapshot of the same facts keeps the same path objects', () => {
  const next = after({
    name: 'snapshot',
    data: exampleOverview([], mesh(locations, { 'us1 eu1': { at_ms: 7 } })),
  });
  expect(pathOf(next, 'ap1', 'member', 'eu1')).toBe(pathOf(start, 'ap1', 'member', 'eu1'));
  expect(pathOf(next, 'us1', 'member', 'eu1')).not.toBe(pathOf(start, 'us1', 'member', 'eu1'));
});

test('members change and go', () => {
  const stale = exampleMember('a', 'us1', { status: 'stale' });
  const came = exampleMember('b', 'eu1');
  const data = { now_ms: 1, members: [stale, came], removed: [] };
  const next = after({ name: 'members', data });
  expect(next.members.get('a')).toBe(stale);
  expect(next.members.size).toBe(2);
  expect(start.members.get('a')?.status).toBe('online');
  const gone = after({ name: 'members', data: { now_ms: 1, members: [], removed: ['a'] } });
  expect(gone.members.size).toBe(0);
});

describe('paths', () => {
  test('only the changed source gets a new map', () => {
    const next = after(pathsChange({ location_paths: [examplePath('us1', 'eu1', { state: 'down' })] }));
    expect(next.paths.get('us1')).not.toBe(start.paths.get('us1'));
    expect(next.paths.get('ap1')).toBe(start.paths.get('ap1'));
    expect(pathOf(next, 'us1', 'member', 'eu1')?.state).toBe('down');
    expect(pathOf(start, 'us1', 'member', 'eu1')?.state).toBe('ok');
    expect(next.coverage).toBe(coverage);
    expect(next.coverageAtMs).toBe(exampleNowMs + 1);
  });

  test('a removed path of one kind leaves the other kind alone', () => {
    const external = examplePath('us1', 'eu1', { target_kind: 'external' });
    const both = pathsChange({ location_paths: [external] });
    const removed = [{ source: 'us1', target: 'eu1', target_kind: 'external' as const }];
    const next = after(both, pathsChange({ removed }));
    expect(pathOf(next, 'us1', 'external', 'eu1')).toBeUndefined();
    expect(pathOf(next, 'us1', 'member', 'eu1')).toBeDefined();
    const either = after(both, pathsChange({ removed: [{ source: 'us1', target: 'eu1' }] }));
    expect(pathOf(either, 'us1', 'member', 'eu1')).toBeUndefined();
  });

  test('a source without paths is gone', () => {
    const removed = ['eu1', 'us1'].map((target) => ({ source: 'ap1', target }));
    expect(after(pathsChange({ removed })).paths.has('ap1')).toBe(false);
  });
});

test('the store is told of', () => {
  const store = { state: 'away', since_ms: 5, reason: 'refused' } as const;
  expect(after({ name: 'store', data: { now_ms: 6, store } }).store).toBe(store);
});
