import { describe, expect, test } from 'vitest';
import { compareLogIds } from '../store.ts';
import { Ring } from './rings.ts';

const wide = { entries: 1_000_000, ageMs: 1_000_000 };

function append(ring: Ring, nowMs: number, bound = wide): string {
  const id = ring.nextId(nowMs);
  ring.trim(bound, nowMs);
  ring.add({ id, value: Buffer.from(id) });
  return id;
}

const idsAfter = (ring: Ring, id: string, limit = Infinity): string[] =>
  ring.after(id, limit).map((entry) => entry.id);

describe('ring', () => {
  test.each<[string, number[], string[]]>([
    ['as time goes', [10, 11, 12], ['10-0', '11-0', '12-0']],
    ['within one millisecond', [10, 10, 10], ['10-0', '10-1', '10-2']],
    ['when the clock went back', [10, 4, 9, 11], ['10-0', '10-1', '10-2', '11-0']],
  ])('gives ids that grow %s', (_, times, ids) => {
    const ring = new Ring();
    expect(times.map((nowMs) => append(ring, nowMs))).toEqual(ids);
    expect([...ids].sort(compareLogIds)).toEqual(ids);
  });

  test('goes on after the newest entry that it was loaded with', () => {
    const ring = new Ring();
    ring.add({ id: '100-7', value: Buffer.alloc(0) });
    expect(ring.nextId(50)).toBe('100-8');
  });

  test.each<[string, { entries: number; ageMs: number }, number, string]>([
    ['nothing within its bound', { entries: 10, ageMs: 100 }, 20, '11-0'],
    ['what is over the number', { entries: 3, ageMs: 1_000 }, 20, '18-0'],
    ['what is older than the age', { entries: 10, ageMs: 5 }, 20, '15-0'],
    ['everything when all is old', { entries: 10, ageMs: 5 }, 1_000, '20-1'],
  ])('drops %s', (_, bound, nowMs, oldest) => {
    const ring = new Ring();
    for (let ms = 11; ms <= 20; ms++) append(ring, ms);
    const before = idsAfter(ring, '0-0');
    const dropped = ring.trim(bound, nowMs).map(({ id }) => id);
    ring.add({ id: '20-1', value: Buffer.alloc(0) });
    expect(idsAfter(ring, '0-0')[0]).toBe(oldest);
    expect([...dropped, ...idsAfter(ring, '0-0')]).toEqual([...before, '20-1']);
  });

  test('keeps its order and its bound over many more entries than it holds', () => {
    const ring = new Ring();
    for (let ms = 1; ms <= 10_000; ms++) append(ring, ms, { entries: 1_500, ageMs: 1_000_000 });
    expect(idsAfter(ring, '0-0')).toEqual(Array.from({ length: 1_501 }, (_, i) => `${8_500 + i}-0`));
    expect(idsAfter(ring, '9000-0', 2)).toEqual(['9001-0', '9002-0']);
    expect(ring.lastId()).toBe('10000-0');
  });

  test('tells those who listen, until they stop', () => {
    const ring = new Ring();
    let told = 0;
    const stop = ring.onAdded(() => told++);
    append(ring, 1);
    stop();
    append(ring, 2);
    expect(told).toBe(1);
  });
});
