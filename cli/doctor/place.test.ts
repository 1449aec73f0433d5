import { expect, test } from 'vitest';
import { rolesAt } from './place.ts';

test.each([
  ['member:\n  location: us1\n', {}, ['member']],
  ['registry:\n  open_reading: true\nmember:\n  location: us1\n', {}, ['registry', 'member']],
  ['registry: {}\n', { NETRING_LOCATION: 'us1' }, ['registry']],
  [undefined, { NETRING_LOCATION: 'us1' }, ['member']],
  [undefined, { NETRING_LOCATION: '' }, ['registry']],
  [undefined, {}, ['registry']],
])('file %j, environment %j: %j', (text, environment, roles) => {
  const file = text === undefined ? {} : { file: { name: 'x.yaml', text } };
  expect(rolesAt({ environment, ...file })).toEqual(roles);
});
