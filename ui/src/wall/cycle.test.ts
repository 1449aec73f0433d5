import { expect, test } from 'vitest';
import { following, stayMs, turnAt, type Matter, type Turn, type WallScene } from './cycle.ts';

const all = new Set<WallScene>(['incident', 'map', 'matrix']);
const calm: Matter = { key: 'well', trouble: false, still: false, has: all };
const trouble: Matter = { ...calm, key: 'cut', trouble: true };
const begun: Turn = { scene: 'incident', sinceMs: 0, key: 'well' };

/** The scenes of the first minutes, each with the second at which it began. */
function played(matter: Matter, seconds: number): string[] {
  const shown: string[] = [];
  let turn = { ...begun, key: matter.key };
  for (let second = 0; second <= seconds; second++) {
    const next = turnAt(turn, matter, 1_000 * second);
    if (next !== turn) shown.push(`${second} ${next.scene}`);
    turn = next;
  }
  return shown;
}

test.for([
  ['calm: mostly the pictures', calm, ['15 map', '45 matrix', '75 incident', '90 map']],
  ['trouble: mostly the sentence', trouble, ['60 map', '75 matrix', '90 incident']],
  [
    'no services: no map',
    { ...calm, has: new Set(['incident', 'matrix']) },
    ['15 matrix', '45 incident', '60 matrix', '90 incident'],
  ],
  [
    'nothing but the sentence',
    { ...calm, has: new Set(['incident']) },
    ['15 incident', '30 incident', '45 incident', '60 incident', '75 incident', '90 incident'],
  ],
  ['what stands still stays', { ...calm, still: true }, []],
] as [string, Matter, string[]][])('%s', ([, matter, expected]) => {
  expect(played(matter, 90)).toEqual(expected);
});

test('new trouble is shown at once, and its end is no reason to jump', () => {
  const onMap: Turn = { scene: 'map', sinceMs: 1_000, key: 'well' };
  expect(turnAt(onMap, trouble, 2_000)).toEqual({ scene: 'incident', sinceMs: 2_000, key: 'cut' });
  const told: Turn = { scene: 'map', sinceMs: 1_000, key: 'cut' };
  expect(turnAt(told, trouble, 2_000)).toBe(told);
  expect(turnAt(told, calm, 2_000)).toBe(told);
  expect(turnAt(told, { ...trouble, key: 'another' }, 2_000).scene).toBe('incident');
  expect(turnAt(onMap, { ...calm, still: true }, 2_000).scene).toBe('incident');
});

test.for<[string, Turn, Matter, WallScene]>([
  ['calm', { scene: 'map', sinceMs: 0, key: 'well' }, calm, 'map'],
  ['known trouble', { scene: 'matrix', sinceMs: 0, key: 'cut' }, trouble, 'matrix'],
  ['trouble that is over', { scene: 'matrix', sinceMs: 0, key: 'cut' }, calm, 'matrix'],
  ['new trouble', { scene: 'matrix', sinceMs: 0, key: 'well' }, trouble, 'incident'],
  [
    'a picture that stands still',
    { scene: 'map', sinceMs: 0, key: 'well' },
    { ...calm, still: true },
    'incident',
  ],
])('paused, the scene stays: %s', ([, turn, matter, scene]) => {
  expect(turnAt(turn, matter, 3_600_000, true).scene).toBe(scene);
});

test('a scene that has nothing to show any more is left; somebody may go on by hand', () => {
  const onMap: Turn = { scene: 'map', sinceMs: 1_000, key: 'well' };
  expect(turnAt(onMap, { ...calm, has: new Set(['incident', 'matrix']) }, 1_001).scene).toBe('matrix');
  expect(following(onMap, calm, 5).scene).toBe('matrix');
  expect(stayMs.trouble.incident).toBeGreaterThan(stayMs.calm.incident);
});
