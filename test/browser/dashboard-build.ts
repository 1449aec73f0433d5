import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Compiled, this file lies a folder deeper. */
const ui = ['../../ui/', '../../../ui/']
  .map((way) => fileURLToPath(new URL(way, import.meta.url)))
  .find((folder) => existsSync(join(folder, 'index.html'))) as string;
const dist = join(ui, 'dist');
const lock = join(ui, 'node_modules', '.building');

/** A build takes seconds; a lock older than this was left behind by a killed one. */
const lockLivesMs = 120_000;

/** The folder with the built dashboard. Builds it first when it is missing or older than its sources; test files that run side by side build once. */
export async function builtDashboard(): Promise<string> {
  while (await isStale()) {
    if (!(await takeLock())) await wait(200);
    else {
      try {
        await build();
      } finally {
        await rm(lock, { recursive: true, force: true });
      }
    }
  }
  return dist;
}

async function build(): Promise<void> {
  // vitest says NODE_ENV=test, with which Svelte would be built with its debugging code.
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)('npm', ['run', 'build', '--workspace', 'ui'], { cwd: join(ui, '..'), env });
}

async function takeLock(): Promise<boolean> {
  try {
    await mkdir(lock);
    return true;
  } catch {
    const held = await stat(lock).catch(() => undefined);
    if (held !== undefined && Date.now() - held.mtimeMs > lockLivesMs) {
      await rm(lock, { recursive: true, force: true });
    }
    return false;
  }
}

/** Also while somebody builds: the folder is emptied first. */
async function isStale(): Promise<boolean> {
  if ((await stat(lock).catch(() => undefined)) !== undefined) return true;
  const built = await stat(join(dist, 'index.html')).catch(() => undefined);
  return built === undefined || built.mtimeMs < (await newestSourceMs());
}

async function newestSourceMs(): Promise<number> {
  const sources = await readdir(join(ui, 'src'), { recursive: true });
  const files = [...sources.map((name) => join('src', name)), 'index.html', 'vite.config.ts'];
  const times = await Promise.all(files.map(async (name) => (await stat(join(ui, name))).mtimeMs));
  return Math.max(...times);
}
