import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { StoreAway } from '../store.ts';

/**
 * The engine under the embedded store. A batch is one write to its journal, handed to the operating system before it
 * counts as done: it survives the end of this process by any means, `kill -9` too. It is not forced to the disk
 * (`sync`), which would cost milliseconds each: the loss of power may cost the last seconds, which members report again.
 */
export type Disk = ClassicLevel<string, Buffer>;

export type DiskWrite = { type: 'put'; key: string; value: Buffer } | { type: 'del'; key: string };

/** Opens the engine in `folder`, which is made when missing. */
export async function openDisk(folder: string): Promise<Disk> {
  const disk: Disk = new ClassicLevel(folder, { keyEncoding: 'utf8', valueEncoding: 'buffer' });
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await disk.open();
  } catch (error) {
    throw new Error(`The store cannot be opened in ${folder}: ${adviceFor(rootOf(error))}`, { cause: error });
  }
  return disk;
}

/** A folder that goes when it is closed, or at the latest with this process. */
export async function makeTemporaryFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'netring-store-'));
  const removeNow = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeNow);
  return {
    folder,
    async remove() {
      process.removeListener('exit', removeNow);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An answer of the engine that is none. */
export function diskAway(folder: string, error: unknown): StoreAway {
  const gone = existsSync(folder) ? '' : ' The folder is gone: start the registry again.';
  return new StoreAway(`The store in ${folder} does not answer: ${rootOf(error).message}.${gone}`, {
    cause: error,
  });
}

interface Fault {
  code?: string;
  message: string;
}

/** The engine wraps what went wrong. */
function rootOf(error: unknown): Fault {
  const { cause } = error as { cause?: unknown };
  return cause instanceof Error ? rootOf(cause) : (error as Fault);
}

function adviceFor({ code, message }: Fault): string {
  switch (code) {
    case 'LEVEL_LOCKED':
      return 'another process uses it. Stop that process, or choose another folder for this one.';
    case 'LEVEL_CORRUPTION':
      return `its files are damaged (${message}). Move the folder away and start again: members report anew.`;
    case 'EACCES':
    case 'EROFS':
    case 'EPERM':
      return `it may not be written (${code}). Give this user the right to, or choose another folder.`;
    default:
      return `${message}. Make it a folder that can be written, or choose another.`;
  }
}
