import { expect, test } from 'vitest';
import { pageBehind, stepOf } from './steps.ts';

test.for([
  ['a link led here', null, 'home'],
  ['a state that somebody else made', { step: 'visited' }, 'home'],
  ['from everything', { step: 'visited', from: '' }, 'home'],
  ['from a pair on it', { step: 'visited', from: '#view=tcp&source=us1&target=eu1' }, 'home'],
  ['from the services', { step: 'visited', from: '#page=map&find=web' }, 'map'],
  ['from the alerts', { step: 'visited', from: '#page=alerts' }, 'alerts'],
  ['from a path', { step: 'visited', from: '#path-from=a&path-to=b' }, 'path'],
] as const)('leaving leads back: %s', ([, state, page]) => {
  expect(pageBehind(state)).toBe(page);
});

test.for([
  [undefined, undefined],
  ['text', undefined],
  [{ step: 'opened' }, { step: 'opened' }],
  [
    { step: 'visited', from: '' },
    { step: 'visited', from: '' },
  ],
] as const)('a step of the history: %j', ([state, step]) => {
  expect(stepOf(state)).toEqual(step);
});
