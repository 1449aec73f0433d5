import { expect, test } from 'vitest';
import { withoutSilent } from './heard.ts';

test.each([
  ['all are heard', 'eu1-a eu1-b ap1-a', 'eu1-a eu1-b ap1-a'],
  ['a dead one leaves its location to the other', 'eu1-b ap1-a', 'eu1-b ap1-a'],
  ['the only one of its location is tried all the same', 'eu1-a eu1-b', 'eu1-a eu1-b ap1-a'],
  ['nobody is heard, as after an outage of the registry', '', 'eu1-a eu1-b ap1-a'],
])('%s', (_, heard, expected) => {
  const targets = ['eu1-a', 'eu1-b', 'ap1-a'].map((id) => ({ id, location: id.slice(0, 3) }));
  const left = withoutSilent(targets, ({ id }) => heard.split(' ').includes(id));
  expect(left.map(({ id }) => id).join(' ')).toBe(expected);
});
