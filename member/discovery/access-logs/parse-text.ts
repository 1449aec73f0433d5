import type { AccessRecord, LineParser, LineRejection } from './access-record.ts';

/** Reads one line given as text, from the middle of a buffer, so that a parser that looks beyond its line is found out. */
export function parseText(parse: LineParser, line: string | Buffer): AccessRecord | LineRejection {
  const around = Buffer.from('"}, ');
  const bytes = Buffer.concat([around, Buffer.from(line), around]);
  return parse(bytes, around.length, bytes.length - around.length);
}

/** The record of a line that must be one. */
export function recordIn(parse: LineParser, line: string): AccessRecord {
  const record = parseText(parse, line);
  if (typeof record === 'string') throw new Error(`${record}: ${line}`);
  return record;
}
