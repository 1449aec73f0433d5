import { execFileSync } from 'node:child_process';
import { copyFileSync, chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { launchOf } from './launch.ts';

const folder = mkdtempSync(join(tmpdir(), 'netring-launch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const direct = { execPath: process.execPath, execArgv: ['--flag'] };

test('without a raiser, node is started as it is', () => {
  expect(launchOf(undefined, ['--flag'])).toEqual(direct);
});

test('a raiser that is missing, or may not, is left out', () => {
  const refused = join(folder, 'refused');
  writeFileSync(refused, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  expect(launchOf(join(folder, 'missing'), ['--flag'])).toEqual(direct);
  expect(launchOf(refused, ['--flag'])).toEqual(direct);
});

test('a raiser that may hands the capability on to node', () => {
  const raiser = join(folder, 'raiser');
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(existsSync);
  // Where this user has the capability itself no file needs it; elsewhere a stand-in shows what it is called with.
  if (process.getuid?.() === 0 && setpriv !== undefined) copyFileSync(setpriv, raiser);
  else writeFileSync(raiser, '#!/bin/sh\nshift 4\nexec "$@"\n');
  chmodSync(raiser, 0o755);
  const { execPath, execArgv } = launchOf(raiser, ['--max-old-space-size=64']);
  expect(execPath).toBe(raiser);
  const status = 'console.log(require("fs").readFileSync("/proc/self/status","utf8"))';
  const said = execFileSync(execPath, [...execArgv, '-e', status], { encoding: 'utf8' });
  if (process.getuid?.() === 0 && setpriv !== undefined) {
    expect(parseInt(/^CapAmb:\s*(\w+)/m.exec(said)?.[1] ?? '0', 16)).toBe(1 << 13);
  } else expect(said).toContain('CapAmb');
});
