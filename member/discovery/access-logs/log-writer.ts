import { readdir, readFile, readlink, stat } from 'node:fs/promises';

/** Programs that write other programs' logs: they say nothing about whose log it is. */
const collectors = new Set([
  ...['dockerd', 'containerd', 'containerd-shim', 'conmon', 'rsyslogd', 'syslog-ng', 'systemd-journal'],
  ...[
    'tee',
    'cat',
    'cronolog',
    'rotatelogs',
    'svlogd',
    'multilog',
    's6-log',
    'logrotate',
    'fluent-bit',
    'vector',
  ],
]);

/**
 * The processes that have a file open for writing, found in `/proc`; those that collect other programs' logs are left
 * out. Looks through every process that may be looked into: some milliseconds for a thousand, so not for every line.
 * Never throws: where nothing can be looked at, as with too many open files, nobody is found.
 *
 * @param among only these processes are looked at
 */
export async function writersOf(path: string, proc = '/proc', among?: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  try {
    const wanted = await stat(path, { bigint: true });
    for (const name of among?.map(String) ?? (await readdir(proc))) {
      if (!/^\d+$/.test(name)) continue;
      if (await writes(`${proc}/${name}`, wanted)) found.push(Number(name));
    }
  } catch {
    // The file is gone, or `/proc` cannot be read now.
  }
  return found;
}

interface FileIdentity {
  dev: bigint;
  ino: bigint;
}

async function writes(folder: string, wanted: FileIdentity): Promise<boolean> {
  try {
    for (const fd of await readdir(`${folder}/fd`)) {
      // A link says at once that it is a socket or a pipe, and most are; a file may have another name by now.
      if (!(await readlink(`${folder}/fd/${fd}`)).startsWith('/')) continue;
      const { dev, ino } = await stat(`${folder}/fd/${fd}`, { bigint: true });
      if (ino !== wanted.ino || dev !== wanted.dev) continue;
      if (!isForWriting(await readFile(`${folder}/fdinfo/${fd}`, 'utf8'))) continue;
      return !collectors.has((await readFile(`${folder}/comm`, 'utf8')).trim());
    }
  } catch {
    // Gone in the meantime, or not ours to look into.
  }
  return false;
}

/** The flags of open(2), in octal; the lowest two bits say for what. */
function isForWriting(info: string): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0;
}
