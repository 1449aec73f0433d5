import { expect, test } from 'vitest';
import { addressFrom, hashOf, wholeMap, type Address, type MapAddress } from './address-bar.ts';

const defaults: Address = {
  page: { kind: 'home' },
  view: 'all',
  filter: { problems: false },
  offline: true,
  deregistered: true,
};

const map = (but: Partial<MapAddress>, narrowing: Partial<MapAddress['narrowing']> = {}): Address => ({
  ...defaults,
  page: { kind: 'map', ...wholeMap, ...but, narrowing: { ...wholeMap.narrowing, ...narrowing } },
});

test.for([
  ['', defaults],
  ['#view=tcp', { ...defaults, view: 'tcp' }],
  ['#view=traceroute', { ...defaults, view: 'traceroute' }],
  ['#source=us1&target=eu1', { ...defaults, pair: { source: 'us1', kind: 'member', target: 'eu1' } }],
  [
    '#view=http&source=us1&external=shop&offline=hide',
    {
      ...defaults,
      view: 'http',
      offline: false,
      pair: { source: 'us1', kind: 'external', target: 'shop' },
    },
  ],
  [
    '#source=a%26b+c&target=%3Cb%3E&deregistered=hide',
    { ...defaults, deregistered: false, pair: { source: 'a&b c', kind: 'member', target: '<b>' } },
  ],
  ['#member=a%26b', { ...defaults, member: 'a&b' }],
  ['#page=alerts', { ...defaults, page: { kind: 'alerts' } }],
  [
    '#path-from=us1-a&path-to=external%3Ashop',
    { ...defaults, page: { kind: 'path', source: 'us1-a', target: 'external:shop' } },
  ],
  [
    '#from=us1&to=eu1&above=0.5&below=100&only=problems',
    { ...defaults, filter: { from: 'us1', to: 'eu1', aboveMs: 0.5, belowMs: 100, problems: true } },
  ],
  [
    '#only=failures&colour=usual',
    { ...defaults, filter: { problems: false, failures: true, scale: 'usual' } },
  ],
  [
    '#path-from=a&path-to=b&beside-from=c%2F1&beside-to=d',
    { ...defaults, page: { kind: 'path', source: 'a', target: 'b', beside: { source: 'c/1', target: 'd' } } },
  ],
  ['#page=map', map({})],
  [
    '#page=map&service=us1%2Fweb&show=errors',
    map({ opened: { kind: 'service', id: 'us1/web' } }, { only: 'errors' }),
  ],
  [
    '#page=map&dependency=78d6&show=problems&find=a%26b+%3Cc%3E&as=table',
    map({ opened: { kind: 'dependency', id: '78d6' }, table: true }, { only: 'problems', find: 'a&b <c>' }),
  ],
  ['#page=map&around=us1%2Fweb&steps=3', map({}, { focus: { service: 'us1/web', steps: 3 } })],
  [
    '#page=map&level=hosts&services=eu+1&instances=us1&outside=each&probes=show',
    map({ level: 'hosts', levels: { 'eu 1': 'services', us1: 'instances' }, unfolded: true, probes: true }),
  ],
  [
    '#page=map&at=20261121T140210Z.10s&against=20261121T134000Z.10m',
    map({
      time: {
        at: { toMs: Date.UTC(2026, 10, 21, 14, 2, 10), step: '10s' },
        against: { toMs: Date.UTC(2026, 10, 21, 13, 40), step: '10m' },
      },
    }),
  ],
] as [string, Address][])('%s can be read and is written the same', ([hash, address]) => {
  expect(addressFrom(hash)).toEqual(address);
  expect(hashOf(address)).toBe(hash);
});

test('what cannot be understood has its default', () => {
  expect(
    addressFrom('#view=nothing&source=us1&offline=maybe&above=many&below=-3&path-from=a&page=x'),
  ).toEqual(defaults);
});

test.for([
  ['steps=9', 1],
  ['steps=2.4', 2],
  ['steps=-1', 1],
  ['steps=x', 1],
  ['', 1],
] as const)('around a service with %s it is %d', ([steps, expected]) => {
  expect(addressFrom(`#page=map&around=a&${steps}&show=all&as=poster`)).toEqual(
    map({}, { focus: { service: 'a', steps: expected } }),
  );
});
