import { randomBytes } from 'node:crypto';
import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';

/**
 * Writes a file that only its owner may read, also where one with other rights was; all of it or nothing. What is no
 * file, such as a pipe, is written to as it is.
 *
 * @throws what the file system has against it
 */
export function writePrivately(file: string, text: string): void {
  const there = statSync(file, { throwIfNoEntry: false });
  if (there !== undefined && !there.isFile()) {
    writeFileSync(file, text);
    return;
  }
  // A link stays one.
  const place = there === undefined ? file : realpathSync(file);
  const draft = `${place}.${randomBytes(6).toString('hex')}.part`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
    renameSync(draft, place);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
