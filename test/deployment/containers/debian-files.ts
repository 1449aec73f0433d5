import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

interface Installed {
  needs: string[][];
  provides: string[];
}

/**
 * The files of Debian packages that are installed on this machine, and of all that they need: what an image of Debian with
 * these packages has, without asking a mirror.
 *
 * @returns absolute paths, folders before what is in them, with no symbolic link in the way
 * @throws Error that names a package which is not installed
 */
export function filesOfPackages(names: readonly string[]): string[] {
  const all = withWhatTheyNeed(names, installed());
  const listed = execFileSync('dpkg-query', ['-L', ...all], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const paths = new Set<string>(merged());
  for (const line of listed.split('\n')) {
    // Nobody reads in an image: manuals are half of all files.
    if (!line.startsWith('/') || line === '/.' || /^\/usr\/share\/(doc|man|locale|info|lintian)\//.test(line))
      continue;
    for (const path of withFolders(line)) paths.add(path);
  }
  for (const path of alternatives(paths)) paths.add(path);
  return [...paths].sort();
}

function installed(): Map<string, Installed> {
  const format = '${db:Status-Status}\\t${Package}\\t${Pre-Depends}, ${Depends}\\t${Provides}\\n';
  const lines = execFileSync('dpkg-query', ['-W', '-f', format], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const found = new Map<string, Installed>();
  for (const line of lines.split('\n')) {
    const [status, name, needs = '', provides = ''] = line.split('\t');
    if (status !== 'installed' || name === undefined) continue;
    const groups = needs.split(',').map((group) => group.split('|').map(bareName));
    found.set(name, { needs: groups, provides: provides.split(',').map(bareName) });
  }
  return found;
}

/** `libc6 (>= 2.36)` and `python3:any` without what is behind the name. */
function bareName(text: string): string {
  return text.trim().replace(/[ (:].*$/s, '');
}

function withWhatTheyNeed(names: readonly string[], all: Map<string, Installed>): string[] {
  const providers = new Map<string, string>();
  for (const [name, { provides }] of all) for (const one of provides) providers.set(one, name);
  const nameOf = (one: string) => (all.has(one) ? one : providers.get(one));
  const wanted = new Set<string>();
  const add = (name: string) => {
    if (wanted.has(name)) return;
    wanted.add(name);
    for (const group of all.get(name)?.needs ?? []) {
      const one = group.map(nameOf).find((found) => found !== undefined);
      if (one !== undefined) add(one);
    }
  };
  for (const name of names) {
    if (!all.has(name)) throw new Error(`the Debian package ${name} is not installed`);
    add(name);
  }
  return [...wanted];
}

/** `/bin` and the like, which are links to folders under `/usr`. */
function merged(): string[] {
  return readdirSync('/')
    .map((name) => `/${name}`)
    .filter((path) => lstatSync(path).isSymbolicLink() && readlinkSync(path).startsWith('usr/'));
}

/** A path as it really is, with all folders above it; nothing where it was removed since. */
function withFolders(listed: string): string[] {
  let path: string;
  try {
    path = join(realpathSync(dirname(listed)), basename(listed));
    lstatSync(path);
  } catch {
    return [];
  }
  if (merged().includes(path)) return [];
  const folders: string[] = [];
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) folders.push(folder);
  return [...folders, path];
}

/** Links that maintainer scripts make, such as `awk`, where what they lead to is there. */
function alternatives(paths: ReadonlySet<string>): string[] {
  const links = readdirSync('/usr/bin').map((name) => join('/usr/bin', name));
  return links.flatMap((link) => {
    if (!lstatSync(link).isSymbolicLink()) return [];
    const to = readlinkSync(link);
    if (!to.startsWith('/etc/alternatives/')) return [];
    try {
      return paths.has(realpathSync(link)) ? [link, to, '/etc/alternatives'] : [];
    } catch {
      return [];
    }
  });
}
