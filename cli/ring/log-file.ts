import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

/** Where the lines of one process go; it begins anew with each ring, and again whenever it is full. */
export interface LogFile {
  write(line: string): void;
  close(): void;
}

/** Enough for hours of a demo; twelve of these are still small. */
const fullBytes = 5_000_000;

export function openLogFile(path: string): LogFile {
  const file = openSync(path, 'w');
  let at = 0;
  let isOpen = true;
  return {
    write(line) {
      if (!isOpen) return;
      if (at > fullBytes) {
        ftruncateSync(file);
        at = 0;
      }
      at += writeSync(file, `${line}\n`, at);
    },
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}
