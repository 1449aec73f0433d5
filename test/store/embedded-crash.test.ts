import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Store } from '@netring/registry/store/index';
import { openStore } from '@netring/registry/store/index';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const here = (file: string): string => new URL(file, import.meta.url).pathname;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netring-crash-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function startWriter() {
  const options = [
    '--conditions',
    'netring-source',
    '--import',
    here('run-source.js'),
    here('write-until-killed.ts'),
  ];
  const writer = spawn(process.execPath, [...options, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  let faults = '';
  writer.stderr.on('data', (chunk: Buffer) => (faults += chunk.toString()));
  return { writer, faults: () => faults };
}

/** Starts the writer, and kills it with -9 once it has had so many commits acknowledged. Gives all of those. */
async function writeAndKill(atLeast: number): Promise<string[]> {
  const { writer, faults } = startWriter();
  let acknowledged = '';
  writer.stdout.on('data', (chunk: Buffer) => {
    acknowledged += chunk.toString();
    if (acknowledged.split('\n').length > atLeast) writer.kill('SIGKILL');
  });
  const [, signal] = (await once(writer, 'close')) as [number | null, NodeJS.Signals | null];
  expect(signal, faults()).toBe('SIGKILL');
  // The last line may be cut short.
  return acknowledged.split('\n').slice(0, -1);
}

/** The log, per writer, as the orders it holds. */
async function ordersByWriter(store: Store): Promise<Map<number, number[]>> {
  const orders = new Map<number, number[]>();
  for (const { value } of await store.log.range('log', '0-0', 1_000_000)) {
    const [writer, order] = value.toString().split(':').map(Number) as [number, number];
    orders.set(writer, [...(orders.get(writer) ?? []), order]);
  }
  return orders;
}

describe('embedded store and other processes', () => {
  test('has every commit it acknowledged before kill -9, and each one whole', async () => {
    const acknowledged = await writeAndKill(500);
    const store = await openStore({ kind: 'embedded', folder });
    const orders = await ordersByWriter(store);
    const inLog = new Set([...orders].flatMap(([writer, all]) => all.map((order) => `${writer}:${order}`)));
    expect(acknowledged.filter((line) => !inLog.has(line))).toEqual([]);

    for (const [writer, all] of orders) {
      const last = all.length - 1;
      expect(all).toEqual(all.map((_, i) => i));
      expect((await store.table.get('orders', String(writer)))?.toString()).toBe(String(last));
      const values = await store.table.list(`values-${writer}`);
      const expected = all.slice(-50);
      expect([...values.keys()].map(Number).sort((a, b) => a - b)).toEqual(expected);
      expect(values.get(String(last))).toEqual(Buffer.alloc(10_000, last));
    }
    await store.close();
  });

  test('goes on after kill -9 from where it was: same generation, log ids that grow', async () => {
    const before = await openStore({ kind: 'embedded', folder });
    const generation = await before.generation();
    await before.close();
    await writeAndKill(50);
    const store = await openStore({ kind: 'embedded', folder });
    expect(await store.generation()).toBe(generation);
    const lastId = await store.log.lastId('log');
    const nextId = await store.log.append('log', 'next', { entries: 1_000_000, ageMs: 600_000 });
    expect((await store.log.range('log', lastId, 10)).map(({ id }) => id)).toEqual([nextId]);
    await store.close();
  });

  test('is refused to a second process, which is told what to do', async () => {
    const store = await openStore({ kind: 'embedded', folder });
    const { writer, faults } = startWriter();
    expect((await once(writer, 'close'))[0]).toBe(1);
    expect(faults()).toContain(
      `The store cannot be opened in ${folder}: another process uses it. ` +
        'Stop that process, or choose another folder for this one.',
    );
    await store.close();
  });
});
