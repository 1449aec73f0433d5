import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, step } from './step.js';

/** npm writes it at the end of an installation, with what is there. */
const present = join(root, 'node_modules', '.package-lock.json');
const wanted = join(root, 'package-lock.json');

/** Of the optional packages, the one that is compiled as it is installed, or left out where it cannot be. */
const compiled = join(root, 'node_modules', 'raw-socket', 'build', 'Release', 'raw.node');

/**
 * Runs `npm ci` unless everything that the lockfile names is there in its version; with `andCompiled`, also when what
 * has to be compiled was left out.
 */
export async function ensureInstalled({ andCompiled = false } = {}) {
  if (isInstalled() && (!andCompiled || existsSync(compiled))) return;
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=warn'];
  await npmStep('installing packages', args);
}

/** Runs npm as a step: the one that runs us, else the one in the path. */
export async function npmStep(title, args, env = process.env) {
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('npm-cli.js')) await step(title, process.execPath, [npm, ...args], env);
  else await step(title, 'npm', args, env);
}

function isInstalled() {
  if (!existsSync(present)) return false;
  const there = { '': packagesOf(wanted)[''], ...packagesOf(present) };
  return Object.entries(packagesOf(wanted)).every(
    // Optional packages are mostly those for other systems. A workspace has some in its own folder, which may be gone.
    ([path, one]) => one.optional || (there[path]?.version === one.version && existsSync(join(root, path))),
  );
}

function packagesOf(lockfile) {
  return JSON.parse(readFileSync(lockfile, 'utf8')).packages;
}
