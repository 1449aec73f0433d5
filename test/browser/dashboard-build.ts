import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ui = fileURLToPath(new URL('../../ui/', import.meta.url));

/** The folder with the built dashboard. Builds it first when it is missing or older than its sources. */
export async function builtDashboard(): Promise<string> {
  const dist = join(ui, 'dist');
  const built = await stat(join(dist, 'index.html')).catch(() => undefined);
  if (built === undefined || built.mtimeMs < (await newestSourceMs())) {
    // vitest says NODE_ENV=test, with which Svelte would be built with its debugging code.
    const env = { ...process.env, NODE_ENV: 'production' };
    await promisify(execFile)('npm', ['run', 'build', '--workspace', 'ui'], { cwd: join(ui, '..'), env });
  }
  return dist;
}

async function newestSourceMs(): Promise<number> {
  const sources = await readdir(join(ui, 'src'), { recursive: true });
  const files = [...sources.map((name) => join('src', name)), 'index.html', 'vite.config.ts'];
  const times = await Promise.all(files.map(async (name) => (await stat(join(ui, name))).mtimeMs));
  return Math.max(...times);
}
