/**
 * Where things are in the engine, whose keys are ordered. A name is written with its length before it, so that no
 * name can reach into another's range.
 */
const named = (kind: string, name: string): string => `${kind}:${name.length}:${name}:`;

const tablePrefix = (group: string): string => named('table', group);
const logPrefix = (log: string): string => named('log', log);

export const tableKey = (group: string, key: string): string => tablePrefix(group) + key;
export const expiryKey = (group: string): string => named('expiry', group);
export const generationKey = 'generation';

export interface KeyRange {
  gte: string;
  lt: string;
}

/** Everything that starts with a prefix that ends in `:` (`;` is the next character). */
const startingWith = (prefix: string): KeyRange => ({ gte: prefix, lt: `${prefix.slice(0, -1)};` });

export const tableRange = (group: string): KeyRange => startingWith(tablePrefix(group));
export const allTables = startingWith('table:');
export const allExpiries = startingWith('expiry:');
export const allLogs = startingWith('log:');

/** Ids are filled up with zeros, so that they order as text like they do as numbers. */
export function logEntryKey(log: string, id: string): string {
  const [ms = '', counter = ''] = id.split('-');
  return `${logPrefix(log)}${ms.padStart(15, '0')}-${counter.padStart(15, '0')}`;
}

/** The name and what follows it: group and key, log and id. */
export function readKey(text: string): { name: string; rest: string } {
  const lengthAt = text.indexOf(':') + 1;
  const nameAt = text.indexOf(':', lengthAt) + 1;
  const end = nameAt + Number(text.slice(lengthAt, nameAt - 1));
  return { name: text.slice(nameAt, end), rest: text.slice(end + 1) };
}

export function readLogId(rest: string): string {
  return rest.split('-').map(Number).join('-');
}
