import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmStep } from './installed.js';
import { root, step } from './step.js';

/** What can be built, with the folders whose change makes it stale and a file that must be there afterwards. */
const parts = {
  cli: {
    title: 'building registry, members and command line',
    sources: ['contract', 'topology', 'service', 'registry', 'member', 'cli'],
    result: ['contract', 'topology', 'service', 'registry', 'member', 'cli'].map(
      (one) => `${one}/dist/.tsbuildinfo`,
    ),
    build: (title) => step(title, process.execPath, [tsc, '-b', 'cli']),
  },
  test: {
    title: 'building lab and benches',
    sources: ['contract', 'topology', 'service', 'registry', 'member', 'test'],
    result: ['test/dist/.tsbuildinfo'],
    build: (title) => step(title, process.execPath, [tsc, '-b', 'test']),
  },
  ui: {
    title: 'building the dashboard',
    sources: ['contract', 'topology', 'ui'],
    result: ['ui/dist/index.html'],
    build: (title) =>
      npmStep(title, ['run', 'build', '--workspace', 'ui'], { ...process.env, NODE_ENV: 'production' }),
  },
};

const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const stamps = join(root, 'node_modules', '.netring');

/** Builds those of `cli`, `test` and `ui` that are older than their sources. Needs the packages installed. */
export async function ensureBuilt(...names) {
  for (const name of names) {
    const part = parts[name];
    const stamp = join(stamps, `${name}.stamp`);
    const now = fingerprint(part.sources);
    const isBuilt = part.result.every((file) => existsSync(join(root, file)));
    if (isBuilt && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue;
    await part.build(part.title);
    mkdirSync(stamps, { recursive: true });
    writeFileSync(stamp, now);
  }
}

/** Changes when a source is added, removed or written, or when the packages it is built with change. */
function fingerprint(folders) {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  ['package-lock.json', 'tsconfig.base.json'].forEach(add);
  for (const folder of folders) sourcesBelow(folder).forEach(add);
  return hash.digest('hex');
}

function sourcesBelow(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries.sort(byName).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isFile()) return [path];
    return entry.isDirectory() && !['dist', 'node_modules', 'results'].includes(entry.name)
      ? sourcesBelow(path)
      : [];
  });
}

function byName(a, b) {
  return a.name < b.name ? -1 : 1;
}
