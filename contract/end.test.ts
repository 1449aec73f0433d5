import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endId, endOf, type End } from './end.ts';

const written: [string, End][] = [
  ['service:orders', { kind: 'service', name: 'orders' }],
  ['service:a/b:c d', { kind: 'service', name: 'a/b:c d' }],
  ['peer:payments', { kind: 'peer', name: 'payments' }],
  ['address:10.1.0.5', { kind: 'address', host: '10.1.0.5' }],
  ['address:10.1.0.5:80', { kind: 'address', host: '10.1.0.5', port: 80 }],
  ['address:[fd00::1]:80', { kind: 'address', host: 'fd00::1', port: 80 }],
  ['address:[fd00::1]', { kind: 'address', host: 'fd00::1' }],
  ['address:db.internal:5432', { kind: 'address', host: 'db.internal', port: 5432 }],
  ['address:shop%2Feu/10.1.0.5:80', { kind: 'address', host: '10.1.0.5', port: 80, network: 'shop/eu' }],
];

describe('ends', () => {
  it.each(written)('%s', (id, end) => {
    expect(endId(end)).toBe(id);
    expect(endOf(id)).toEqual(end);
  });

  it.each([
    '',
    'orders',
    'service:',
    'host:x',
    'address:',
    'address:a:b:c',
    'address:h:99999',
    'address:%/h',
  ])('are not read from %j', (id) => expect(endOf(id)).toBeUndefined());

  it('come back as they were, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        expect(endOf(endId({ kind: 'service', name }))).toEqual({ kind: 'service', name });
      }),
    );
  });
});
