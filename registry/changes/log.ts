import type { LogBound, LogEntry } from '../store/index.ts';

/** The log that every replica folds into its picture. */
export const changeLog = 'changes';

/** A replica that lags further behind starts anew from the tables. 100,000 entries of about 120 bytes are 12 MB. */
export const changeLogBound: LogBound = { entries: 100_000, ageMs: 60_000 };

/** One entry: what changed. The state itself stands in the tables. Each room says which kinds are its own. */
export interface ChangeEntry {
  kind: string;
}

/** What a commit appends so that all replicas learn of `entry`. */
export function appended<E extends ChangeEntry>(entry: E): { log: string; value: string; bound: LogBound } {
  return { log: changeLog, value: JSON.stringify(entry), bound: changeLogBound };
}

/** The entry that `appended` wrote. */
export function decodeChange(entry: LogEntry): ChangeEntry {
  return JSON.parse(entry.value.toString('utf8')) as ChangeEntry;
}
