import { userInfo } from 'node:os';

/** Why a file cannot be read, and what to do about it, as a sentence. */
export function tailTrouble(path: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${path} is not there yet; it is read from its beginning once it appears.`;
  if (code === 'EACCES' || code === 'EPERM')
    return `${path} may not be read by ${userName()}; let it: setfacl -m u:${userName()}:r on the file, and x on its folders, or a group that owns both.`;
  if (code === 'ENOTDIR') return `${path} lies under something that is no folder; correct the path.`;
  if (code === 'EMFILE' || code === 'ENFILE')
    return `${path} cannot be opened, since too many files are open; raise the limit (ulimit -n).`;
  return `${path} cannot be read: ${message}`;
}

/** Programs in containers may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'this user');
  }
}
