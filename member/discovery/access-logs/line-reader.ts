import type { AccessLogSource } from './access-log-source.ts';
import type { LineParser } from './access-record.ts';
import type { Ends } from './ends.ts';
import { nginxFormat } from './nginx-format.ts';
import { formats, type Format } from './parsers.ts';
import type { RequestIds } from './request-ids.ts';

/** Reads the lines of one source. */
export interface LineReader {
  parse: LineParser;
  /** `undefined` while nobody said it and no line has shown it. */
  format(): Format | undefined;
}

/**
 * The parser of a source; without a format, that of the first line which one can read.
 * @throws RangeError for a `log_format` that cannot be read.
 */
export function lineReader(source: AccessLogSource, ends: Ends, ids: RequestIds): LineReader {
  const { format: name = 'auto', log_format } = source;
  if (log_format !== undefined) {
    const parse = nginxFormat(log_format, ends);
    return { parse, format: () => ({ ...formats['nginx-json'], parser: () => parse }) };
  }
  if (name !== 'auto') return { parse: formats[name].parser(ends, ids), format: () => formats[name] };
  let found: Format | undefined;
  let parse: LineParser | undefined;
  const candidates = guesses.map((guess) => ({ guess, parse: formats[guess].parser(ends, ids) }));
  return {
    format: () => found,
    parse(bytes, start, end) {
      if (parse !== undefined) return parse(bytes, start, end);
      for (const one of candidates) {
        const record = one.parse(bytes, start, end);
        if (typeof record === 'string') continue;
        // Both have the common form: what tells them apart is what Traefik adds to it.
        if (one.guess === 'traefik-clf' && record.requestCount === undefined) continue;
        found = formats[one.guess];
        parse = one.parse;
        return record;
      }
      return 'unknown_format';
    },
  };
}

/** Where two could read a line, the one that demands more comes first. */
const guesses = ['traefik-json', 'envoy', 'caddy', 'nginx-json', 'traefik-clf', 'nginx'] as const;
