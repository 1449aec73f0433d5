import { describe, expect, test } from 'vitest';
import { isAddress, isInside, normalHost } from './address.ts';

describe('inside and outside', () => {
  test.each([
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '169.254.1.1',
    'fc00::1',
    'fdff:1::1',
    'fe80::1%eth0',
    '::1',
    '::ffff:10.1.2.3',
    '[fd00::1]',
    'db.internal',
    'DB.INTERNAL.',
    'orders.shop.svc.cluster.local',
    'printer.local',
    'redis',
  ])('%s is inside', (host) => {
    expect(isInside(host)).toBe(true);
  });

  test.each([
    '172.217.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '192.169.1.1',
    '11.0.0.1',
    '8.8.8.8',
    '2001:db8::1',
    'fe00::1',
    '::ffff:8.8.8.8',
    'api.example.com',
    'client.external',
    'internal.example.com',
  ])('%s is outside', (host) => {
    expect(isInside(host)).toBe(false);
  });
});

test.each([
  ['[2001:DB8:0:0:0:0:0:1]', '2001:db8::1'],
  ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
  ['::', '::'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['::FFFF:10.0.0.1', '10.0.0.1'],
  ['::ffff:a00:1', '10.0.0.1'],
  ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
  ['API.Example.COM.', 'api.example.com'],
  ['.', '.'],
])('%s is written %s', (host, normal) => {
  expect(normalHost(host)).toBe(normal);
});

test.each([
  ['1.2.3.4', true],
  ['1.2.3.256', false],
  ['1.2.3', false],
  ['::1', true],
  ['1::2::3', false],
  ['1:2:3', false],
  ['12345::', false],
  ['example.com', false],
])('%s is an address: %s', (host, is) => {
  expect(isAddress(host)).toBe(is);
});
