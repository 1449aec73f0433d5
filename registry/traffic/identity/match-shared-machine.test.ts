import assert from 'node:assert/strict';
import { expect, it } from 'vitest';
import { matchCallee, matchCaller } from './match.ts';
import { around, told, viewer, type Machine } from './situation.ts';

const shared = (member: string, location: string, address: string, service: string): Machine => ({
  member,
  location,
  host: 'laptop',
  addresses: [address],
  services: [`${service}@${address}:80`],
});

const us = shared('a', 'us1', '127.0.1.1', 'web');
const eu = shared('b', 'eu1', '127.0.2.1', 'orders');
/** Somebody else's laptop, with the same addresses. */
const other: Machine = { ...shared('c', 'ap1', '127.0.2.1', 'another'), host: 'elsewhere' };
const where = around({ machines: [us, eu, other], groups: ['customers=127.0.9.0/24'] });
const callee = (host: string, port: number) =>
  told(matchCallee({ host, port, transport: 'tcp' }, viewer('a', 'us1'), where));
const caller = (host: string) => told(matchCaller({ host }, viewer('a', 'us1'), where));

it('members that share a machine know each other by the loopback addresses they were given', () => {
  expect(callee('127.0.1.1', 80)).toBe('us1/web by host');
  expect(callee('127.0.2.1', 80)).toBe('eu1/orders by routable');
  expect(callee('127.0.2.1', 81)).toBe('host:eu1/laptop:81 by routable');
  expect(caller('127.0.1.1')).toBe('host:us1/laptop by host');
  expect(caller('127.0.2.1')).toBe('host:eu1/laptop by routable');
});

it('loopback addresses that nobody was given are nobody’s, and may be a group', () => {
  expect(callee('127.0.7.1', 80)).toBe('external');
  expect(caller('127.0.9.1')).toBe('group customers');
});

it('those of another machine are not meant', () => {
  const match = matchCallee({ host: '127.0.2.1', port: 80, transport: 'tcp' }, viewer('c', 'ap1'), where);
  assert.equal(told(match), 'ap1/another by host');
  assert.equal(told(matchCaller({ host: '127.0.1.1' }, viewer('c', 'ap1'), where)), 'external');
});
