import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Running } from './engines.ts';
import { unique } from './engines.ts';

const texts = (values: Map<string, Buffer>): Record<string, string> =>
  Object.fromEntries([...values].map(([key, value]) => [key, value.toString()]));

/** What every engine's table does. */
export function tableConformance(running: () => Running): void {
  test('gives back the value that was put, byte for byte', async () => {
    const { table } = running().store;
    const group = unique('bytes');
    const value = Uint8Array.from({ length: 20_000 }, (_, i) => i % 256);
    await table.put(group, 'whole', value);
    await table.put(group, 'part', value.subarray(100, 356));
    await table.put(group, 'text', 'grüße 🛰');
    await table.put(group, 'empty', '');
    expect(await table.get(group, 'whole')).toEqual(Buffer.from(value));
    expect(await table.get(group, 'part')).toEqual(Buffer.from(value.subarray(100, 356)));
    expect((await table.get(group, 'text'))?.toString()).toBe('grüße 🛰');
    expect(await table.get(group, 'empty')).toEqual(Buffer.alloc(0));
  });

  test('has nothing under a key that was never put', async () => {
    const { table } = running().store;
    const group = unique('absent');
    expect(await table.get(group, 'key')).toBeUndefined();
    await table.put(group, 'other', 'x');
    expect(await table.get(group, 'key')).toBeUndefined();
    expect(await table.list(unique('never'))).toEqual(new Map());
  });

  test('keeps the newest value of a key', async () => {
    const { table } = running().store;
    const group = unique('newest');
    await table.put(group, 'key', 'old');
    await table.put(group, 'key', 'new');
    expect(texts(await table.list(group))).toEqual({ key: 'new' });
  });

  test('gets many values in the order of the question, absent and repeated ones too', async () => {
    const { table } = running().store;
    const [a, b] = [unique('a'), unique('b')];
    await table.put(a, '1', 'a1');
    await table.put(a, '2', 'a2');
    await table.put(b, '1', 'b1');
    const asked = [
      { group: a, key: '2' },
      { group: b, key: '1' },
      { group: b, key: '9' },
      { group: a, key: '1' },
      { group: a, key: '2' },
    ];
    const found = await table.getMany(asked);
    expect(found.map((value) => value?.toString())).toEqual(['a2', 'b1', undefined, 'a1', 'a2']);
    expect(await table.getMany([])).toEqual([]);
  });

  test('deletes the keys that are named and no others', async () => {
    const { table } = running().store;
    const group = unique('delete');
    for (const key of ['1', '2', '3']) await table.put(group, key, key);
    await table.delete(group, ['1', '3', 'never']);
    expect(texts(await table.list(group))).toEqual({ 2: '2' });
    await table.delete(group, ['2']);
    expect(await table.list(group)).toEqual(new Map());
    await table.delete(group, []);
  });

  test('keeps groups and keys apart whatever they are called', async () => {
    const { table } = running().store;
    const name = fc.string({ unit: 'binary', maxLength: 12 });
    const entries = fc.uniqueArray(fc.tuple(name, name), { selector: (entry) => JSON.stringify(entry) });
    await fc.assert(
      fc.asyncProperty(entries, async (pairs) => {
        const run = unique('any');
        const expected = new Map<string, Record<string, string>>();
        for (const [i, [groupName, key]] of pairs.entries()) {
          const group = run + groupName;
          await table.put(group, key, String(i));
          expected.set(group, { ...expected.get(group), [key]: String(i) });
        }
        for (const [group, values] of expected) expect(texts(await table.list(group))).toEqual(values);
      }),
      { numRuns: 30 },
    );
  });

  expiry(running);
}

function expiry(running: () => Running): void {
  test('lets a group go as a whole once its time is over', async () => {
    const { table } = running().store;
    const [group, other] = [unique('expires'), unique('stays')];
    await table.put(other, 'key', 'x');
    await table.put(group, 'early', 'x');
    await table.put(group, 'late', 'x', 150);
    await expect.poll(() => table.list(group), { timeout: 60_000 }).toEqual(new Map());
    expect(await table.get(group, 'early')).toBeUndefined();
    expect(
      await table.getMany([
        { group, key: 'late' },
        { group: other, key: 'key' },
      ]),
    ).toEqual([undefined, Buffer.from('x')]);
  });

  test('counts the time from the last put that gave one', async () => {
    const { table } = running().store;
    const group = unique('prolonged');
    await table.put(group, 'key', '1', 100);
    await table.put(group, 'key', '2', 600_000);
    await table.put(group, 'key', '3');
    const marker = unique('marker');
    await table.put(marker, 'key', 'x', 200);
    await expect.poll(() => table.get(marker, 'key'), { timeout: 60_000 }).toBeUndefined();
    expect((await table.get(group, 'key'))?.toString()).toBe('3');
  });

  test('starts a group anew after it expired, without its old keys and its old time', async () => {
    const { table } = running().store;
    const group = unique('again');
    await table.put(group, 'old', 'x', 50);
    await expect.poll(() => table.get(group, 'old'), { timeout: 60_000 }).toBeUndefined();
    await table.put(group, 'new', 'x');
    expect(texts(await table.list(group))).toEqual({ new: 'x' });
  });

  test('forgets the time of a group that lost its last key', async () => {
    const { table } = running().store;
    const [group, marker] = [unique('emptied'), unique('marker')];
    await table.put(group, 'key', 'x', 100);
    await table.delete(group, ['key']);
    await table.put(group, 'key', 'y');
    await table.put(marker, 'key', 'x', 200);
    await expect.poll(() => table.get(marker, 'key'), { timeout: 60_000 }).toBeUndefined();
    expect((await table.get(group, 'key'))?.toString()).toBe('y');
  });
}
