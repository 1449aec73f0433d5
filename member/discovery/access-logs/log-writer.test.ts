import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writersOf } from './log-writer.ts';

test('a file is written by who has it open for writing, whatever its name is by now', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'netring-writer-'));
  try {
    const path = join(folder, 'a.log');
    const writing = await open(path, 'a');
    const reading = await open(path, 'r');
    expect(await writersOf(path)).toEqual([process.pid]);
    await rename(path, `${path}.1`);
    expect(await writersOf(`${path}.1`)).toEqual([process.pid]);
    await writing.close();
    expect(await writersOf(`${path}.1`)).toEqual([]);
    expect(await writersOf(path)).toEqual([]);
    await reading.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('where the processes cannot be looked at, nobody is found', async () => {
  expect(await writersOf(import.meta.filename, '/nowhere')).toEqual([]);
  expect(await writersOf('/nowhere/a.log')).toEqual([]);
});
