import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { LineSplitter } from './line-splitter.ts';

/** One file, whatever its name is by now, read as it grows. */
export interface FollowedFile {
  /** Which file it is, among all of the machine. */
  readonly id: string;
  /** Reads what there is and hands its lines on; says how many bytes that was. */
  read(isStopped: () => boolean): Promise<number>;
  /** No more will come: hands on what has no newline. */
  finish(): void;
  close(): Promise<void>;
}

export interface FollowOptions {
  handle: FileHandle;
  splitter: LineSplitter;
  /** Where to begin: at what comes next, or at what there is. */
  from: 'end' | 'start';
  /** It was cut, or written anew from its beginning. */
  onTruncated: () => void;
  /** Reading begins within a line, which is left out. */
  onHalfLine: () => void;
}

/** So many bytes before the place where reading goes on must still be what they were. */
const rememberedBytes = 64;

/** Two names of one file are one file. */
export function fileId({ dev, ino }: Pick<BigIntStats, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`;
}

export async function followFile(options: FollowOptions): Promise<FollowedFile> {
  const { handle, splitter, onTruncated, onHalfLine } = options;
  const stats = await handle.stat({ bigint: true });
  let position = options.from === 'end' ? Number(stats.size) : 0;
  let remembered = await bytesBefore(handle, position);
  if (remembered.length > 0 && remembered.at(-1) !== 0x0a) {
    splitter.skipRest();
    onHalfLine();
  }

  const startAnew = (): void => {
    if (splitter.forget()) onHalfLine();
    position = 0;
    remembered = Buffer.alloc(0);
    onTruncated();
  };
  /** Cut and grown beyond the old place between two looks, the size tells nothing; the bytes do. */
  const isWrittenAnew = async (size: number): Promise<boolean> =>
    size < position || !remembered.equals(await bytesBefore(handle, position));

  return {
    id: fileId(stats),
    async read(isStopped) {
      const { size } = await handle.stat();
      if (size === position) return 0;
      if (await isWrittenAnew(size)) startAnew();
      const began = position;
      while (!isStopped()) {
        const room = splitter.room();
        const { bytesRead } = await handle.read(room, 0, room.length, position);
        if (bytesRead === 0) break;
        position += bytesRead;
        const last = room.subarray(Math.max(0, bytesRead - rememberedBytes), bytesRead);
        remembered = Buffer.concat([remembered, last]).subarray(-rememberedBytes);
        splitter.took(bytesRead);
      }
      // What lies in a slice of a larger buffer keeps all of it.
      remembered = Buffer.from(remembered);
      return position - began;
    },
    finish: () => splitter.finish(),
    close: () => handle.close(),
  };
}

async function bytesBefore(handle: FileHandle, position: number): Promise<Buffer> {
  const length = Math.min(position, rememberedBytes);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position - length);
  return buffer.subarray(0, bytesRead);
}
