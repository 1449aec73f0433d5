import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from './manifest.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Where `npm test` puts one on machines that have none. */
const fetched = join(root, '.netring/tools/kubectl');

/** The program to call; undefined where there is none. */
export function kubectl(): string | undefined {
  const folders = (process.env.PATH ?? '').split(':').filter((folder) => folder !== '');
  return [...folders.map((folder) => join(folder, 'kubectl')), fetched].find((file) => existsSync(file));
}

/** The objects of an overlay, as `kubectl apply -k` would send them. */
export async function rendered(folder: string): Promise<Manifest[]> {
  const { stdout } = await promisify(execFile)(kubectl() ?? 'kubectl', ['kustomize', folder], {
    maxBuffer: 16 << 20,
  });
  return manifestsIn(stdout);
}

/** The objects of a file with several. */
export function manifestsIn(text: string): Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    const value = document.toJS() as Manifest | null;
    return value === null ? [] : [value];
  });
}
