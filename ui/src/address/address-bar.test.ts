import { expect, test } from 'vitest';
import { addressFrom, hashOf, type Address } from './address-bar.ts';

const defaults: Address = { view: 'all', offline: true, deregistered: true };

test.for([
  ['', defaults],
  ['#view=tcp', { ...defaults, view: 'tcp' }],
  ['#source=us1&target=eu1', { ...defaults, pair: { source: 'us1', kind: 'member', target: 'eu1' } }],
  [
    '#view=http&source=us1&external=shop&offline=hide',
    {
      view: 'http',
      offline: false,
      deregistered: true,
      pair: { source: 'us1', kind: 'external', target: 'shop' },
    },
  ],
  [
    '#source=a%26b+c&target=%3Cb%3E&deregistered=hide',
    { ...defaults, deregistered: false, pair: { source: 'a&b c', kind: 'member', target: '<b>' } },
  ],
] as [string, Address][])('%s can be read and is written the same', ([hash, address]) => {
  expect(addressFrom(hash)).toEqual(address);
  expect(hashOf(address)).toBe(hash);
});

test('what cannot be understood has its default', () => {
  expect(addressFrom('#view=nothing&source=us1&offline=maybe')).toEqual(defaults);
});
