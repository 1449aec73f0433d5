import { describe, expect, test } from 'vitest';
import { nameOfHost, replicaGroup, tokensOf } from './name.ts';

test.each([
  ['feedback', ['feedback']],
  ['orders-db1', ['orders', 'db1', 'db']],
  ['userService', ['user', 'service']],
  ['10.0.0.1', ['10', '0', '1']],
  ['', []],
])('the words of %s are %j', (name, tokens) => {
  expect([...tokensOf(name)]).toEqual(tokens);
});

test.each([
  ['api.example.com', 'api'],
  ['redis', 'redis'],
  ['10.0.0.1', '10.0.0.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['.hidden', '.hidden'],
])('%s is called %s', (host, name) => {
  expect(nameOfHost(host)).toBe(name);
});

describe('replicas', () => {
  test.each([
    ['user-service-1.internal', 'user-service.internal'],
    ['user-service-12.internal', 'user-service.internal'],
    ['shop_web_2', 'shop_web'],
    ['orders-7d9f8b6c5d-x2x4q', 'orders'],
    ['redis-0.redis.shop.svc.cluster.local', 'redis.shop.svc.cluster.local'],
  ])('%s is one of %s', (host, group) => {
    expect(replicaGroup(host)).toBe(group);
  });

  test.each([
    'orders.shop.svc.cluster.local',
    'node-1',
    'web-host-2.internal',
    'ip-10-0-0-5.internal',
    'api-1.example.com',
    '10.0.0.1',
    'fd00::1',
    'http2',
    '-1',
  ])('%s stands for itself', (host) => {
    expect(replicaGroup(host)).toBe(host);
  });
});
