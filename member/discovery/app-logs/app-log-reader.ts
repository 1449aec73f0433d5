import type { Collector, SourceBook } from '../collector.ts';
import { startTail, type Tail } from '../log-tail/index.ts';
import type { AppLogSetting } from '../log-settings.ts';
import { appObserver } from './app-observation.ts';
import { appPattern } from './app-pattern.ts';
import { guardedMatch, lineBudgetMs } from './guarded-match.ts';

/** How logs are read; each has a default. */
export interface AppReadingOptions {
  /** `start` reads what is in the file already: for imports. */
  from?: 'end' | 'start';
  /** Time between two looks at the file, milliseconds. */
  pollMs?: number;
}

export interface AppLogReader {
  stop(): Promise<void>;
}

/** Patterns take longer the longer a line is, some of them much longer. */
const longestLine = 4096;
/** Matched in one go: asking the engine costs as much as a few lines. */
const batchLines = 128;

/**
 * Follows the log of one application.
 * @throws RangeError for a pattern or protocol that cannot be used
 */
export function readAppLog(
  collector: Collector,
  source: AppLogSetting,
  { from = 'end', pollMs = 200 }: AppReadingOptions,
): AppLogReader {
  const pattern = appPattern(source.pattern, source.caller !== undefined);
  const match = guardedMatch(pattern.expression);
  const observe = appObserver(source, collector);
  const book = collector.source('app_log', source.path);
  let lines: string[] = [];
  let isOff = false;

  const take = (groups: Record<string, string | undefined>): boolean => {
    const observation = observe(groups, Date.now());
    if (typeof observation === 'string') {
      book.rejected(observation);
      return false;
    }
    const outcome = collector.observe(observation);
    if (outcome !== 'taken' && outcome !== 'sampled_out') {
      book.rejected(outcome);
      return false;
    }
    const { service: asking = '' } = observation.source;
    const { service: asked = '' } = observation.destination;
    if (collector.skipsRequest(asking, asked)) return true;
    collector.request({
      at_ms: observation.timestamp_ms - (observation.latency_ms ?? 0),
      source: asking,
      target: asked,
      method: observation.method,
      path: observation.path,
      status: observation.status_code,
      duration_ms: observation.latency_ms,
    });
    return true;
  };
  const matchLines = (): void => {
    const batch = lines;
    lines = [];
    if (batch.length === 0 || isOff) return;
    const result = match(batch);
    if (result.kind === 'too_slow') {
      isOff = true;
      book.rejected('pattern_too_slow', batch.length);
      book.state('off', slowReason(result.cpuMs));
      void tail.stop();
      return;
    }
    let taken = 0;
    let unmatched = 0;
    for (const groups of result.groups)
      if (groups === undefined) unmatched++;
      else if (take(groups)) taken++;
    if (taken > 0) book.taken(taken, Date.now());
    if (unmatched > 0) book.rejected('no_match', unmatched);
  };
  const tail: Tail = startTail({
    path: source.path,
    from,
    pollMs,
    longestLine,
    chunkBytes: 1 << 16,
    onLine(bytes, start, end) {
      if (isOff) return;
      lines.push(bytes.toString('utf8', start, end));
      if (lines.length >= batchLines) matchLines();
    },
    onRead: matchLines,
    onLoss: (loss) => book.rejected(loss),
    onState(state) {
      if (isOff) return;
      if (state.kind === 'reading') book.state('ok');
      else book.state(state.kind === 'waiting' ? 'off' : 'limited', state.reason);
    },
  });
  return { stop: () => closed(tail, book) };
}

function slowReason(cpuMs: number): string {
  return `The pattern took more than ${lineBudgetMs} ms for one line (ended after ${cpuMs} ms), so the file is not read. Write it without a repeated group that can match in several ways, such as (a+)+ or (.*)*, and start the member again.`;
}

async function closed(tail: Tail, book: SourceBook): Promise<void> {
  await tail.stop();
  book.close();
}
