import type { LogEntry, Store } from '@netring/registry/store/index';
import { compareLogIds, StoreAway } from '@netring/registry/store/index';
import { expect, test } from 'vitest';
import type { Running } from './engines.ts';
import { unique } from './engines.ts';

const wide = { entries: 100_000, ageMs: 600_000 };

async function appendAll(store: Store, log: string, values: readonly string[]): Promise<string[]> {
  return Promise.all(values.map((value) => store.log.append(log, value, wide)));
}

const numbered = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => `entry ${from + i}`);
const textsOf = (entries: readonly LogEntry[]): string[] => entries.map(({ value }) => value.toString());

/** What every engine's log does. */
export function logConformance(running: () => Running): void {
  test('keeps entries in the order they were appended, with ids that grow', async () => {
    const { store } = running();
    const log = unique('order');
    const ids = await appendAll(store, log, numbered(500));
    expect([...ids].sort(compareLogIds)).toEqual(ids);
    expect(new Set(ids).size).toBe(500);
    const entries = await store.log.range(log, '0-0', 1_000);
    expect(entries.map(({ id }) => id)).toEqual(ids);
    expect(textsOf(entries)).toEqual(numbered(500));
    expect(await store.log.lastId(log)).toBe(ids.at(-1));
  });

  test('gives back bytes as they were', async () => {
    const { store } = running();
    const log = unique('bytes');
    const value = Uint8Array.from({ length: 256 }, (_, i) => i);
    await store.log.append(log, value, wide);
    await store.log.append(log, value.subarray(10, 20), wide);
    const entries = await store.log.range(log, '0-0', 10);
    expect(entries.map((entry) => entry.value)).toEqual([
      Buffer.from(value),
      Buffer.from(value.subarray(10, 20)),
    ]);
  });

  test('is empty until something is appended', async () => {
    const { store } = running();
    const log = unique('empty');
    expect(await store.log.lastId(log)).toBe('0-0');
    expect(await store.log.range(log, '0-0', 10)).toEqual([]);
  });

  test('is read in pages, each after the last entry of the one before', async () => {
    const { store } = running();
    const log = unique('pages');
    await appendAll(store, log, numbered(25));
    const pages: string[][] = [];
    for (let after = '0-0'; ;) {
      const page = await store.log.range(log, after, 10);
      if (page.length === 0) break;
      pages.push(textsOf(page));
      after = (page.at(-1) as LogEntry).id;
    }
    expect(pages.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(pages.flat()).toEqual(numbered(25));
  });

  test('keeps at least as many entries as its bound says, and not many more', async () => {
    const { store } = running();
    const log = unique('bound');
    const bound = { entries: 300, ageMs: 600_000 };
    for (const value of numbered(1_500)) await store.log.append(log, value, bound);
    const kept = textsOf(await store.log.range(log, '0-0', 2_000));
    expect(kept.length).toBeGreaterThanOrEqual(300);
    expect(kept.length).toBeLessThanOrEqual(500);
    expect(kept).toEqual(numbered(kept.length, 1_500 - kept.length));
  });

  test('lets old entries go', async () => {
    const { store } = running();
    const log = unique('age');
    const bound = { entries: 100_000, ageMs: 100 };
    const firstId = await store.log.append(log, 'first', bound);
    const oldestAfterMore = async () => {
      await Promise.all(numbered(100).map((value) => store.log.append(log, value, bound)));
      return (await store.log.range(log, '0-0', 1))[0]?.id;
    };
    await expect.poll(oldestAfterMore, { timeout: 60_000 }).not.toBe(firstId);
  });

  tails(running);
}

/** Follows a log until told to stop. */
function follow(store: Store, log: string, afterId: string) {
  const stop = new AbortController();
  const entries: LogEntry[] = [];
  const ended = store.log.tail(log, afterId, (more) => entries.push(...more), stop.signal);
  return { entries, stop: () => stop.abort(), ended };
}

function tails(running: () => Running): void {
  test('hands on what was appended before and after it was followed, once and in order', async () => {
    const { store } = running();
    const log = unique('tail');
    const ids = await appendAll(store, log, numbered(3_000));
    const tail = follow(store, log, ids[999] as string);
    await appendAll(store, log, numbered(500, 3_000));
    await expect.poll(() => tail.entries.length, { timeout: 60_000 }).toBe(2_500);
    await appendAll(store, log, numbered(10, 3_500));
    await expect.poll(() => tail.entries.length, { timeout: 60_000 }).toBe(2_510);
    tail.stop();
    await tail.ended;
    expect(textsOf(tail.entries)).toEqual(numbered(2_510, 1_000));
  });

  test('can be followed before its first entry, by several at once', async () => {
    const { store } = running();
    const log = unique('several');
    const followers = [follow(store, log, '0-0'), follow(store, log, '0-0')];
    await appendAll(store, log, numbered(5));
    for (const { entries, stop, ended } of followers) {
      await expect.poll(() => textsOf(entries), { timeout: 60_000 }).toEqual(numbered(5));
      stop();
      await ended;
    }
  });

  test('hands on nothing any more once it was told to stop', async () => {
    const { store } = running();
    const log = unique('stop');
    const tail = follow(store, log, '0-0');
    await store.log.append(log, 'first', wide);
    await expect.poll(() => tail.entries.length, { timeout: 60_000 }).toBe(1);
    tail.stop();
    await store.log.append(log, 'second', wide);
    await tail.ended;
    expect(textsOf(tail.entries)).toEqual(['first']);
  });

  test('does not begin when it was told to stop before', async () => {
    const tail = running().store.log.tail(unique('never'), '0-0', () => undefined, AbortSignal.abort());
    await expect(tail).resolves.toBeUndefined();
  });

  test('ends a tail with the error of the one who follows', async () => {
    const { store } = running();
    const log = unique('thrown');
    const fault = new Error('cannot take it');
    const refuse = () => {
      throw fault;
    };
    const told = expect(store.log.tail(log, '0-0', refuse, new AbortController().signal)).rejects.toBe(fault);
    await store.log.append(log, 'x', wide);
    await told;
    expect(fault).not.toBeInstanceOf(StoreAway);
  });
}
