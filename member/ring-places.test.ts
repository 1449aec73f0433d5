import { expect, test } from 'vitest';
import { ringPlaces } from './ring-places.ts';
import type { Check } from './schedule/index.ts';

const check = (id: string, host: string, port: number): Check => ({
  id,
  location: 'x',
  ip: host,
  fixed: true,
  target: { key: id, kind: 'tcp', host, port, closing: 'reset' },
});

test.each([
  ['http://10.0.0.9:8756', ['10.0.0.9:8756']],
  ['http://[fd00::1]:8756', ['[fd00::1]:8756']],
  ['https://10.0.0.9', ['10.0.0.9:443']],
  ['http://localhost:8756', ['127.0.0.1:8756', '[::1]:8756']],
  ['http://registry.example:8756', []],
])('the registry %s', (url, expected) => {
  expect([...ringPlaces([], [], url)]).toEqual(expected);
});

test('members are of the ring, external targets are not', () => {
  const database = { name: 'db', kind: 'tcp' as const, address: '10.0.0.5:5432' };
  const checks = [check('eu1-a', '10.1.0.1', 8757), check('external:db', '10.0.0.5', 5432)];
  const places = ringPlaces(checks, [database], 'http://registry.example');
  expect(places.has('10.1.0.1:8757')).toBe(true);
  expect(places.size).toBe(1);
});
