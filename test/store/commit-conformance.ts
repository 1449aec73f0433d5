import type { Change } from '@netring/registry/store/index';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Running } from './engines.ts';
import { unique } from './engines.ts';

const bound = { entries: 100, ageMs: 600_000 };

/** Every step of a change at once, in groups and a log of its own. */
function wholeChange(name: string, order: number): Change & { append: { log: string } } {
  return {
    newer: { group: `${name}-order`, key: 'order', order },
    put: [
      { group: `${name}-put`, key: 'first', value: `first of ${order}` },
      { group: `${name}-put`, key: 'second', value: Buffer.from([0, 255, order]), ttlMs: 600_000 },
    ],
    remove: [{ group: `${name}-removed`, key: 'old' }],
    stamp: [{ group: `${name}-stamp`, key: 'seen' }],
    append: { log: name, value: `entry ${order}`, bound },
  };
}

/** What every engine's commit does. */
export function commitConformance(running: () => Running): void {
  test('does every step of a change', async () => {
    const { store } = running();
    const name = unique('whole');
    await store.table.put(`${name}-removed`, 'old', 'x');
    const before = await store.nowMs();
    const done = await store.commit(wholeChange(name, 7));
    const after = await store.nowMs();

    expect(done.outcome).toBe('done');
    if (done.outcome !== 'done') return;
    expect(done.nowMs).toBeGreaterThanOrEqual(before);
    expect(done.nowMs).toBeLessThanOrEqual(after);
    expect(await store.log.range(name, '0-0', 10)).toEqual([
      { id: done.logId, value: Buffer.from('entry 7') },
    ]);
    expect((await store.table.get(`${name}-order`, 'order'))?.toString()).toBe('7');
    expect((await store.table.get(`${name}-put`, 'first'))?.toString()).toBe('first of 7');
    expect(await store.table.get(`${name}-put`, 'second')).toEqual(Buffer.from([0, 255, 7]));
    expect(await store.table.get(`${name}-removed`, 'old')).toBeUndefined();
    expect((await store.table.get(`${name}-stamp`, 'seen'))?.toString()).toBe(String(done.nowMs));
  });

  test('answers with no log id when nothing was appended', async () => {
    const done = await running().store.commit({});
    expect(done).toMatchObject({ outcome: 'done', logId: '0-0' });
  });

  test('puts before it removes, and removes before it stamps', async () => {
    const { store } = running();
    const group = unique('order-of-steps');
    const done = await store.commit({
      put: [
        { group, key: 'a', value: 'put' },
        { group, key: 'b', value: 'put' },
      ],
      remove: [
        { group, key: 'a' },
        { group, key: 'b' },
      ],
      stamp: [{ group, key: 'b' }],
    });
    const nowMs = done.outcome === 'done' ? done.nowMs : undefined;
    expect(await store.table.list(group)).toEqual(new Map([['b', Buffer.from(String(nowMs))]]));
  });

  describe('require', () => requirements(running));
  describe('newer', () => newerOnly(running));
}

function requirements(running: () => Running): void {
  test('lets a change through when all its requirements hold', async () => {
    const { store } = running();
    const group = unique('require');
    await store.table.put(group, 'session', 'hash');
    await store.table.put(group, 'empty', '');
    const done = await store.commit({
      require: [
        { group, key: 'session', equals: 'hash' },
        { group, key: 'never', equals: undefined },
        { group, key: 'empty', equals: '' },
      ],
    });
    expect(done.outcome).toBe('done');
  });

  test.each<[string, string | undefined, string | undefined]>([
    ['another value', 'theirs', 'ours'],
    ['no value', undefined, 'ours'],
    ['no value where an empty one is wanted', undefined, ''],
    ['a value where none is wanted', 'theirs', undefined],
    ['an empty value where none is wanted', '', undefined],
  ])('refuses everything when there is %s, and says what is there', async (_, present, equals) => {
    const { store } = running();
    const name = unique('refused');
    await store.table.put(name, 'good', 'good');
    await store.table.put(`${name}-removed`, 'old', 'x');
    if (present !== undefined) await store.table.put(name, 'key', present);
    const require = [
      { group: name, key: 'good', equals: 'good' },
      { group: name, key: 'key', equals },
      { group: name, key: 'good', equals: 'wrong too' },
    ];
    const refused = await store.commit({ require, ...wholeChange(name, 1) });

    expect(refused).toEqual({ outcome: 'refused', failed: 1, found: present });
    expect(await store.table.list(`${name}-order`)).toEqual(new Map());
    expect(await store.table.list(`${name}-put`)).toEqual(new Map());
    expect(await store.table.list(`${name}-stamp`)).toEqual(new Map());
    expect((await store.table.get(`${name}-removed`, 'old'))?.toString()).toBe('x');
    expect(await store.log.lastId(name)).toBe('0-0');
  });

  test('is checked before newer', async () => {
    const { store } = running();
    const group = unique('first');
    await store.commit({ newer: { group, key: 'order', order: 5 } });
    const refused = await store.commit({
      require: [{ group, key: 'never', equals: 'x' }],
      newer: { group, key: 'order', order: 5 },
    });
    expect(refused).toEqual({ outcome: 'refused', failed: 0, found: undefined });
  });

  test('lets exactly one of many racing for an absent key win', async () => {
    const { store } = running();
    const group = unique('race');
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        store.commit({
          require: [{ group, key: 'winner', equals: undefined }],
          put: [{ group, key: 'winner', value: String(i) }],
        }),
      ),
    );
    const winners = answers.flatMap(({ outcome }, i) => (outcome === 'done' ? [String(i)] : []));
    expect(winners).toEqual([(await store.table.get(group, 'winner'))?.toString()]);
  });
}

function newerOnly(running: () => Running): void {
  test('changes nothing when something at least as new is there', async () => {
    const { store } = running();
    const name = unique('old');
    await store.commit(wholeChange(name, 10));
    for (const order of [10, 9, 0]) {
      expect(await store.commit(wholeChange(name, order))).toMatchObject({ outcome: 'old' });
    }
    expect((await store.table.get(`${name}-put`, 'first'))?.toString()).toBe('first of 10');
    expect(await store.log.range(name, '0-0', 10)).toHaveLength(1);
    expect(await store.commit(wholeChange(name, 11))).toMatchObject({ outcome: 'done' });
  });

  test('takes 0 as newer than nothing, and orders large numbers as numbers', async () => {
    const { store } = running();
    const group = unique('numbers');
    const outcomes: string[] = [];
    for (const order of [0, 9, 10, 1_764_000_000_123, 1_764_000_000_124, Number.MAX_SAFE_INTEGER]) {
      outcomes.push((await store.commit({ newer: { group, key: 'order', order } })).outcome);
    }
    expect(outcomes).toEqual(Array(6).fill('done'));
    expect((await store.table.get(group, 'order'))?.toString()).toBe('9007199254740991');
  });

  test('forgets the order with its group', async () => {
    const { store } = running();
    const group = unique('forgets');
    await store.commit({ newer: { group, key: 'order', order: 5, ttlMs: 100 } });
    const again = async () => (await store.commit({ newer: { group, key: 'order', order: 1 } })).outcome;
    await expect.poll(again, { timeout: 60_000 }).toBe('done');
  });

  test('ends with the highest of 1,000 concurrent changes, in any order', async () => {
    const { store } = running();
    const orders = Array.from({ length: 1_000 }, (_, i) => i);
    const shuffled = fc.shuffledSubarray(orders, { minLength: orders.length });
    await fc.assert(
      fc.asyncProperty(shuffled, async (sent) => {
        const name = unique('concurrent');
        const answers = await Promise.all(
          sent.map((order) =>
            store.commit({
              newer: { group: name, key: 'order', order },
              put: [{ group: name, key: 'value', value: `value ${order}` }],
              append: { log: name, value: String(order), bound: { entries: 2_000, ageMs: 600_000 } },
            }),
          ),
        );
        const appended = (await store.log.range(name, '0-0', 2_000)).map(({ value }) => Number(value));
        expect((await store.table.get(name, 'value'))?.toString()).toBe('value 999');
        expect(appended).toEqual([...appended].sort((a, b) => a - b));
        expect(answers.filter(({ outcome }) => outcome === 'done')).toHaveLength(appended.length);
      }),
      { numRuns: 5 },
    );
  });
}
