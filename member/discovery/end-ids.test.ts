import { endOf } from '@netring/contract/end';
import { expect, test } from 'vitest';
import { createEndIds, otherCallers } from './end-ids.ts';

test.each([
  ['10.0.0.1', 80, undefined, 'address:10.0.0.1:80'],
  ['::FFFF:10.0.0.1', 80, undefined, 'address:10.0.0.1:80'],
  ['[FD00::1]', 80, undefined, 'address:[fd00::1]:80'],
  ['Api.Example.com.', 443, undefined, 'address:api.example.com:443'],
  ['db', 0, 'shop', 'address:shop/db'],
  ['db', 5432, 'a/b', 'address:a%2Fb/db:5432'],
  ['unix:/run/app.sock', 0, undefined, ''],
  ['a b', 1, undefined, ''],
  ['evil\u001b[2J', 1, undefined, ''],
  ['x\u202ey', 1, undefined, ''],
  ['a]b', 1, undefined, ''],
  ['h'.repeat(254), 1, undefined, ''],
  ['h', 1, 'n'.repeat(129), ''],
])('%s port %d in %s is %s', (host, port, network, id) => {
  const ids = createEndIds();
  expect(ids.callee(host, port, network)).toBe(id);
  if (id !== '') expect(endOf(id)).toMatchObject({ kind: 'address' });
});

test('who asks has no port', () => {
  expect(createEndIds().caller('10.0.0.1')).toBe('address:10.0.0.1');
});

test('the same end has the same text, made once', () => {
  const ids = createEndIds();
  expect(ids.callee('10.0.0.1', 80)).toBe(ids.callee('10.0.0.1', 80));
  expect(ids.callee('10.0.0.1', 81)).not.toBe(ids.callee('10.0.0.1', 80));
  expect(ids.callee('10.0.0.1', 80, 'shop')).toBe('address:shop/10.0.0.1:80');
});

test('beyond a thousand, callers from outside are one; those from inside never are', () => {
  const ids = createEndIds();
  const outside = (n: number) => `203.0.${n >> 8}.${n & 255}`;
  for (let n = 0; n < 1000; n++) expect(ids.caller(outside(n))).toBe(`address:${outside(n)}`);
  expect(ids.caller(outside(1000))).toBe(otherCallers);
  expect(ids.caller(outside(1000))).toBe(otherCallers);
  expect(ids.folded()).toBe(1);
  expect(ids.caller(outside(7))).toBe(`address:${outside(7)}`);
  expect(ids.caller('10.1.2.3')).toBe('address:10.1.2.3');
  expect(ids.callee(outside(2000), 443)).toBe(`address:${outside(2000)}:443`);
  ids.clear();
  expect(ids.caller(outside(1000))).toBe(`address:${outside(1000)}`);
});

test('a flood of hosts does not grow without end', () => {
  const ids = createEndIds();
  for (let n = 0; n < 250_000; n++) ids.callee(`h${n}`, 80);
  expect(ids.callee('h1', 80)).toBe('address:h1:80');
});
