import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Scripts that the first view needs, gzipped, in kB. */
export async function firstViewKilobytes(dist: string): Promise<number> {
  const html = await readFile(join(dist, 'index.html'), 'utf8');
  const names = new Set([...html.matchAll(/assets\/([^"]+\.js)"/g)].map(([, name]) => name as string));
  const sizes = await Promise.all(
    [...names].map(async (name) => gzipSync(await readFile(join(dist, 'assets', name))).length),
  );
  return sizes.reduce((sum, one) => sum + one, 0) / 1_000;
}
