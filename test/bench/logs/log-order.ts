import type { LogKind } from './lines.ts';

/** What one process is to read: its first argument, as JSON. */
export interface LogOrder {
  path: string;
  kind: LogKind;
  /** It ends once it has counted so many. */
  lines: number;
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
