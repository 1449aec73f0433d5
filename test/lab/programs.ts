import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const names = ['hold', 'enter', 'relay', 'forwarder'] as const;

/** Paths of the compiled helpers. */
export type Programs = Record<(typeof names)[number], string>;

/** The folder with the C sources and the networks, also when this file runs from the build in `test/dist/lab`. */
export function labFolder(): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  return existsSync(join(here, 'forwarder.c')) ? here : join(here, '..', '..', 'lab');
}

/** The path of a network that comes with the lab, by its name, such as `three-sites`. */
export function networkPath(name: string): string {
  return join(labFolder(), 'networks', `${name}.yaml`);
}

async function build(name: string, cache: string): Promise<string> {
  const folder = labFolder();
  const source = join(folder, `${name}.c`);
  const options = ['-O2', '-pthread'];
  const hash = createHash('sha256').update(options.join(' '));
  for (const file of [source, join(folder, 'owner.h')]) hash.update(await readFile(file));
  const program = join(cache, `${name}-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(program)) return program;
  // two test files may compile at once: each its own file, put in place whole
  const unfinished = `${program}.${process.pid}`;
  await promisify(execFile)('cc', [...options, '-o', unfinished, source]);
  await rename(unfinished, program);
  return program;
}

/**
 * Compiles the C helpers whose source has changed, into `node_modules/.cache/netring-lab`.
 * @throws Error with the compiler's own words
 */
export async function buildPrograms(): Promise<Programs> {
  const cache = join(labFolder(), '..', '..', 'node_modules', '.cache', 'netring-lab');
  await mkdir(cache, { recursive: true });
  const paths = await Promise.all(names.map(async (name) => [name, await build(name, cache)] as const));
  return Object.fromEntries(paths) as Programs;
}
