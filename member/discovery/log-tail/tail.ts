import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { repeating } from '../../repeating.ts';
import { fileId, followFile, type FollowedFile } from './followed-file.ts';
import { lineSplitter, type LineSink } from './line-splitter.ts';
import { tailTrouble } from './tail-trouble.ts';

/** How a followed path stands. `waiting`: there is nothing to read; `old_file`: its name is gone, the file is still read. */
export type TailState =
  { kind: 'reading' } | { kind: 'waiting'; reason: string } | { kind: 'old_file'; reason: string };

/** Why a line, or a part of one, was left out. */
export type TailLoss = 'line_too_long' | 'half_line';

export interface TailOptions {
  path: string;
  /** Where to begin in a file that is there already; one that appears later is read from its beginning. */
  from?: 'end' | 'start';
  onLine: LineSink;
  /** After each read that gave lines: a good moment for what is done once for many lines. */
  onRead?: () => void;
  onLoss: (loss: TailLoss) => void;
  /** The file was cut. What was written between its copy and the cut may be lost. */
  onTruncated?: () => void;
  /** Told when it changes. */
  onState: (state: TailState) => void;
  /** Told of every file that is opened: at first, and after each rotation. */
  onOpened?: () => void;
  /** Longest line, bytes; 1 MB by default. */
  longestLine?: number;
  /** Read at once, bytes; 256 kB by default. */
  chunkBytes?: number;
  /** Time between two looks, milliseconds; 200 by default. Lower is fresher, and costs two system calls each time. */
  pollMs?: number;
}

export interface Tail {
  /** Lets go of the file; resolves once no line will follow. */
  stop(): Promise<void>;
}

/** Programs go on writing to a renamed file until they are told to open a new one. */
const oldFileMs = 10_000;
/** A loop that renames files all day must not use up what may be open. */
const mostOldFiles = 4;

interface OldFile {
  file: FollowedFile;
  quietSinceMs: number;
}

/**
 * Follows the file at a path for as long as it is not stopped, through rotation, truncation and absence. Lines come in
 * order; only those that a program still writes to a renamed file may come after the first of the new one. Memory is
 * bounded by two reads, or twice the longest line where lines are long, for each open file.
 */
export function startTail(options: TailOptions): Tail {
  const { path, pollMs = 200, onState, onRead, onOpened } = options;
  let current: FollowedFile | undefined;
  let old: OldFile[] = [];
  let isFirst = true;
  let stopped = false;
  let told = '';
  const isStopped = (): boolean => stopped;
  const tell = (state: TailState): void => {
    const text = JSON.stringify(state);
    if (text === told) return;
    told = text;
    onState(state);
  };
  const readAll = async (file: FollowedFile): Promise<number> => {
    const bytes = await file.read(isStopped);
    if (bytes > 0) onRead?.();
    return bytes;
  };
  const retire = async (): Promise<void> => {
    if (current === undefined) return;
    old.push({ file: current, quietSinceMs: performance.now() });
    current = undefined;
    if (old.length > mostOldFiles) await end(old.shift() as OldFile);
  };
  const end = async ({ file }: OldFile): Promise<void> => {
    file.finish();
    onRead?.();
    await file.close();
  };

  const readOld = async (): Promise<void> => {
    for (const one of old)
      if ((await readAll(one.file)) > 0) one.quietSinceMs = performance.now();
      else if (performance.now() - one.quietSinceMs > oldFileMs) {
        old = old.filter((other) => other !== one);
        await end(one);
      }
  };
  const look = async (): Promise<void> => {
    const id = await idAt(path);
    if (current !== undefined && id !== current.id) {
      await readAll(current);
      if (id !== undefined) await retire();
    }
    if (current === undefined && id !== undefined) {
      current = await openFile(options, isFirst ? (options.from ?? 'end') : 'start');
      onOpened?.();
    }
    // A file that could not be read at first was there all the same: what is in it then is old.
    isFirst = false;
    if (current === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    await readAll(current);
    await readOld();
    tell(
      id === undefined
        ? { kind: 'old_file', reason: `${path} was removed; what is still written to it is read.` }
        : { kind: 'reading' },
    );
  };

  const loop = repeating(0, async () => {
    try {
      if (!stopped) await look();
    } catch (error) {
      tell({ kind: 'waiting', reason: tailTrouble(path, error) });
    }
    if (stopped) await close();
    return pollMs;
  });
  let closed = (): void => undefined;
  const isClosed = new Promise<void>((resolve) => (closed = resolve));
  const close = async (): Promise<void> => {
    loop.stop();
    const files = [...old.map(({ file }) => file), ...(current === undefined ? [] : [current])];
    [old, current] = [[], undefined];
    await Promise.all(files.map((file) => file.close()));
    closed();
  };

  return {
    stop() {
      stopped = true;
      loop.soon(0);
      return isClosed;
    },
  };
}

async function idAt(path: string): Promise<string | undefined> {
  try {
    return fileId(await stat(path, { bigint: true }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function openFile(options: TailOptions, from: 'end' | 'start'): Promise<FollowedFile> {
  const { path, onLine, onLoss, onTruncated, longestLine = 1 << 20, chunkBytes = 1 << 18 } = options;
  // Without O_NONBLOCK, opening a pipe that nobody writes to never ends.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!(await handle.stat()).isFile()) throw new Error('it is no regular file.');
    const splitter = lineSplitter({
      onLine,
      onTooLong: () => onLoss('line_too_long'),
      longestLine,
      chunkBytes,
    });
    return await followFile({
      handle,
      splitter,
      from,
      onTruncated: () => onTruncated?.(),
      onHalfLine: () => onLoss('half_line'),
    });
  } catch (error) {
    await handle.close();
    throw error;
  }
}
