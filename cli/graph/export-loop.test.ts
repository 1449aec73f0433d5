import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CommandFailed } from '../command-failed.ts';
import { exportTopology, type ExportNeeds, type ExportPlan } from './export-loop.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'netring-export-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Stops after so many questions; a second passes between two. */
function needs(ask: (count: number) => string, questions: number) {
  const stopping = new AbortController();
  const said: string[] = [];
  let count = 0;
  const all: ExportNeeds = {
    ask() {
      count++;
      if (count >= questions) stopping.abort();
      return new Promise((resolve) => resolve(ask(count)));
    },
    say: (text) => said.push(text),
    now: () => new Date(1_700_000_000_000 + count * 1000),
    signal: stopping.signal,
  };
  return { all, said };
}

const plan = (path: string, more: Partial<ExportPlan> = {}): ExportPlan => ({
  folder: path,
  names: ['graph'],
  keep: 2,
  everyMs: 1,
  ...more,
});

test('keeps the newest sets and removes nothing that is not its own', async () => {
  const path = await folder();
  for (const name of ['notes.md', 'graph-old.dot', 'graph-20200101T000000Z.dot.part'])
    await writeFile(join(path, name), 'x');
  await exportTopology(plan(path), needs((count) => `graph ${count}`, 4).all);
  expect((await readdir(path)).sort()).toEqual([
    'graph-20231114T221323Z.dot',
    'graph-20231114T221324Z.dot',
    'graph-old.dot',
    'notes.md',
  ]);
  expect(await readFile(join(path, 'graph-20231114T221324Z.dot'), 'utf8')).toBe('graph 4');
});

test('goes on when the registry is away, says so once, and says when it is back', async () => {
  const path = await folder();
  const { all, said } = needs((count) => {
    if (count < 4) throw new CommandFailed('the registry cannot be reached');
    return 'graph';
  }, 4);
  await exportTopology(plan(path), all);
  expect(said.map((text) => text.split('\n')[0])).toEqual([
    'the registry cannot be reached',
    `graph-20231114T221324Z.dot written to ${path}`,
    'the registry answers again',
  ]);
});

test('writes whole sets only', async () => {
  const path = await folder();
  const { all } = needs((count) => {
    if (count === 2) throw new CommandFailed('away');
    return 'text';
  }, 9);
  await expect(
    exportTopology(plan(path, { names: ['graph', 'report'], everyMs: undefined }), all),
  ).rejects.toThrow('away');
  expect(await readdir(path)).toEqual([]);
});

test('says which folder cannot be written to', async () => {
  const path = join(await folder(), 'file');
  await writeFile(path, '');
  await expect(exportTopology(plan(path, { everyMs: undefined }), needs(() => '', 9).all)).rejects.toThrow(
    /cannot be made: EEXIST/,
  );
});
