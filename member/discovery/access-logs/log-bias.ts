import type { SourceBook } from '../collector.ts';
import type { AccessLogSource } from './access-log-source.ts';
import type { AccessRecord } from './access-record.ts';

/** What a log does not hold, as far as people say or its lines betray it. */
export interface BiasWatch {
  saw(record: AccessRecord): void;
  /** The file was cut while it was read. */
  truncated(): void;
  /** Puts it into the book, when it has changed. */
  tell(book: SourceBook): void;
}

/** Fewer lines say nothing. */
const fewestLines = 1000;
/** Requests under way at one time make gaps that fill up; a share of that size is a filter. */
const leastMissing = 0.02;

/**
 * Traefik counts its requests since its start and writes the count into each line: what is missing between the first
 * and the newest was left out of the log. Without a count, a log without a single success or quick request is suspicious.
 */
export function biasWatch(source: AccessLogSource, formatLosses: () => readonly string[]): BiasWatch {
  let lines = 0;
  let good = 0;
  let fastestMs = Infinity;
  let timed = 0;
  let hiddenTries = 0;
  let cuts = 0;
  const counted = { first: 0, newest: 0, lines: 0 };
  let told = '';

  const sentences = (): string[] => {
    const said: string[] = [];
    if (source.sampled !== undefined && source.sampled > 1)
      said.push(`The log holds one request in ${source.sampled}; each line counts as that many.`);
    if (source.filtered === true)
      said.push(
        'The log is filtered: counts are too low, and rates of errors and latencies are not those of all.',
      );
    const asked = counted.newest - counted.first + 1;
    const missing = asked - counted.lines;
    if (counted.lines >= fewestLines && missing > asked * leastMissing)
      said.push(
        `${missing} of ${asked} requests are not in the log, by its own count: filters or dropped lines; counts are too low.`,
      );
    if (lines >= fewestLines && good === 0)
      said.push(
        `All ${lines} lines are failures: the log seems to be filtered by status; counts are too low.`,
      );
    if (timed >= fewestLines && fastestMs >= 50)
      said.push(
        `The fastest of ${timed} requests took ${Math.floor(fastestMs)} ms: the log may be filtered by duration.`,
      );
    if (hiddenTries > 0)
      said.push(
        `${hiddenTries} further tries went to servers that the log does not name; they are not counted.`,
      );
    if (cuts > 0) said.push(`The file was cut ${cuts} times; lines written just before may be missing.`);
    return [...formatLosses(), ...said];
  };

  return {
    saw(record) {
      lines++;
      if (record.status > 0 && record.status < 400) good++;
      hiddenTries += record.hiddenTries;
      const { durationMs, requestCount } = record;
      if (durationMs !== undefined) {
        timed++;
        if (durationMs < fastestMs) fastestMs = durationMs;
      }
      if (requestCount === undefined || requestCount === 0) return;
      // Far back: the proxy has begun anew. A little back: another request ended earlier.
      if (
        counted.lines === 0 ||
        requestCount < counted.first - fewestLines ||
        requestCount < counted.newest / 2
      )
        Object.assign(counted, { first: requestCount, newest: requestCount, lines: 0 });
      counted.lines++;
      if (requestCount > counted.newest) counted.newest = requestCount;
    },
    truncated() {
      cuts++;
    },
    tell(book) {
      const losses = sentences();
      const text = losses.join();
      if (text === told) return;
      told = text;
      book.losses(losses);
    },
  };
}
