import type { ByteReader, LineParser } from './access-record.ts';
import { endsOf, type Ends } from './ends.ts';
import { amountIn } from './json-line.ts';
import { nginxRecord, nginxVariables, type NginxLine } from './nginx-record.ts';
import { requestTexts } from './request-texts.ts';
import { timeReader } from './times.ts';

interface Part {
  variable: string;
  /** Its place among those that are looked at, or -1. */
  key: number;
  /** What stands behind the variable, up to the next one. */
  after: Buffer;
}

/**
 * nginx's log in a `log_format` of somebody's own: a variable ends where the text that the format has behind it begins.
 * @throws RangeError when the format has no `$status`, or two variables with nothing between them.
 */
export function nginxFormat(format: string, ends: Ends = endsOf()): LineParser {
  const { before, parts } = partsOf(format);
  const starts = new Int32Array(nginxVariables.length);
  const stops = new Int32Array(nginxVariables.length);
  let line: Buffer = Buffer.alloc(0);
  const text = <T>(key: number, make: ByteReader<T>): T | undefined =>
    starts[key]! < 0 ? undefined : make(line, starts[key]!, stops[key]!);
  const values: NginxLine = {
    text,
    string: (key) => text(key, (bytes, start, end) => bytes.toString('utf8', start, end)),
    amount: (key) => text(key, amountIn),
  };
  const read = (bytes: Buffer, start: number, end: number): boolean => {
    line = bytes;
    starts.fill(-1);
    if (!startsWith(bytes, start, end, before)) return false;
    let at = start + before.length;
    for (const { key, after } of parts) {
      const stop = after.length === 0 ? end : bytes.indexOf(after, at);
      if (stop < 0 || stop > end) return false;
      if (key >= 0) {
        starts[key] = at;
        stops[key] = stop;
      }
      at = stop + after.length;
    }
    return at === end;
  };
  const times = timeReader();
  const texts = requestTexts();
  return (bytes, start, end) =>
    read(bytes, start, end) ? nginxRecord(values, times, texts, ends) : 'bad_line';
}

function partsOf(format: string): { before: Buffer; parts: Part[] } {
  const plain = withoutDirective(format);
  const found = [...plain.matchAll(/\$(?:\{(\w+)\}|(\w+))/g)];
  const parts = found.map((one, at): Part => {
    const from = one.index + one[0].length;
    const to = found[at + 1]?.index ?? plain.length;
    const variable = (one[1] ?? one[2]) as string;
    const key = (nginxVariables as readonly string[]).indexOf(variable);
    return { variable, key, after: Buffer.from(plain.slice(from, to)) };
  });
  const unclear = parts.slice(0, -1).find(({ after }) => after.length === 0);
  if (unclear !== undefined)
    throw new RangeError(`log_format: nothing stands behind $${unclear.variable} that would end it.`);
  if (!parts.some(({ variable }) => variable === 'status'))
    throw new RangeError('log_format: has no $status; without it a line tells nothing.');
  return { before: Buffer.from(plain.slice(0, found[0]?.index ?? 0)), parts };
}

/** As in nginx.conf, `log_format name 'one' 'two';`, or only what the lines look like. */
function withoutDirective(format: string): string {
  const body = /^\s*log_format\s+\S+\s+(?:escape=\w+\s+)?([^]*?);?\s*$/.exec(format)?.[1];
  if (body === undefined) return format;
  const quoted = [...body.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)];
  return quoted.length === 0 ? body : quoted.map((one) => one[1] ?? one[2]).join('');
}

function startsWith(bytes: Buffer, start: number, end: number, text: Buffer): boolean {
  return end - start >= text.length && bytes.compare(text, 0, text.length, start, start + text.length) === 0;
}
