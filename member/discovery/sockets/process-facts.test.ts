import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readProcess } from './process-facts.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netring-programs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.skipIf(process.platform !== 'linux')(
  'a program that is one of several in a file is called as it was started',
  async () => {
    await copyFile('/bin/sleep', join(folder, 'many'));
    await symlink('many', join(folder, 'one'));
    for (const name of ['one', 'many']) {
      const child = spawn(join(folder, name), ['600']);
      await new Promise((resolve) => child.once('spawn', resolve));
      try {
        expect(readProcess(child.pid as number)?.name).toBe(name);
      } finally {
        child.kill('SIGKILL');
      }
    }
  },
);
