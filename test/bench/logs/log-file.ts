import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { lineMaker, type LogKind } from './lines.ts';

/** Writes a log of so many lines; resolves with its size in bytes. */
export async function writeLog(path: string, kind: LogKind, lines: number): Promise<number> {
  const file = createWriteStream(path);
  const make = lineMaker(kind);
  let chunk: string[] = [];
  for (let n = 0; n < lines; n++) {
    chunk.push(make(n), '\n');
    if (chunk.length < 8192) continue;
    if (!file.write(chunk.join(''))) await once(file, 'drain');
    chunk = [];
  }
  file.end(chunk.join(''));
  await once(file, 'close');
  return file.bytesWritten;
}
