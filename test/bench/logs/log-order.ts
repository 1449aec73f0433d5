import type { LogKind } from './lines.ts';

/** What one process is to read: its first argument, as JSON. */
export interface LogOrder {
  /** Files of the same kind and length, read one after the other, as if one had been rotated into the next. */
  files: readonly string[];
  kind: LogKind;
  /** Lines of each file. */
  lines: number;
  /** How many files are read in all. */
  rounds: number;
}

/** What it prints after `done `. */
export interface LogReport {
  /** Lines per second of processor time, of all threads, from the first read to the last line counted. */
  perCpuSecond: number;
  taken: number;
  rejected: number;
  observations: number;
  dependencies: number;
  /** Resident set after a quarter and at the end, bytes. */
  quarterBytes: number;
  endBytes: number;
}
