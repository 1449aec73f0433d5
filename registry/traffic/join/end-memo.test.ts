import type { Inventory } from '@netring/contract/inventory';
import { expect, it } from 'vitest';
import { indexClaims } from '../identity/index.ts';
import { createEndMemo } from './end-memo.ts';
import { createResolver } from './resolver.ts';

const base = 1_700_000_000_000;

it('holds so many ends, whenever they were seen, and forgets moments that are over', () => {
  const memo = createEndMemo();
  for (let at = 0; at < 120_000; at++) memo.of('m', 0, `>tcp ${at}`, () => undefined);
  expect(memo.size()).toBeLessThanOrEqual(50_000);
  for (let moment = 1; moment <= 100; moment++)
    for (let at = 0; at < 10; at++) memo.of('m', moment, `>tcp ${at}`, () => undefined);
  expect(memo.size()).toBe(80);
});

it('finds out once in a bucket who an end is, also where claims have an end', () => {
  const inventory = { host: { name: 'h', addresses: ['10.0.0.1'] }, services: [], sources: [] };
  const time = { fromMs: 0, toMs: base - 60_000, isLive: true };
  const claims = [{ member: 'm', location: 'us1', inventory: inventory as unknown as Inventory, time }];
  const around = { index: indexClaims(claims), groups: [], reachPrivately: () => false };
  const resolver = createResolver(around, () => 'us1');
  const at = (ms: number) => resolver.end('m', 'address:203.0.113.7:443', false, 'http', base + ms);
  expect(around.index.isTimeless).toBe(false);
  expect(at(0)?.node.id).toBe('external:203.0.113.7');
  for (const ms of [1, 17, 9_999]) expect(at(ms)).toBe(at(0));
  expect(at(10_000)).not.toBe(at(0));
});
