import type { Collector, SourceBook } from '../collector.ts';
import { startTail, type Tail } from '../log-tail/index.ts';
import type { AccessLogSource } from './access-log-source.ts';
import { counting } from './counting.ts';
import { endsOf } from './ends.ts';
import { lineReader } from './line-reader.ts';
import { biasWatch } from './log-bias.ts';
import { proxyIdentity } from './proxy-identity.ts';
import type { RequestIds } from './request-ids.ts';

/** How access logs are read; each has a default. */
export interface ReadingOptions {
  /** `start` reads what is in the file already: for imports. */
  from?: 'end' | 'start';
  /** Time between two looks at the file, milliseconds. */
  pollMs?: number;
}

export interface LogReader {
  stop(): Promise<void>;
}

/**
 * Follows one access log and hands what it says to the collector. What is wrong with the source stands in its book.
 * @throws RangeError for a `log_format` that cannot be read
 */
export function readAccessLog(
  collector: Collector,
  source: AccessLogSource,
  ids: RequestIds,
  { from = 'end', pollMs = 200 }: ReadingOptions,
): LogReader {
  const ends = endsOf(source.network, collector);
  const reader = lineReader(source, ends, ids);
  const identity = proxyIdentity(collector, source, () => reader.format()?.service ?? 'proxy');
  const counter = counting({
    collector,
    proxyOf: identity.endsAt,
    weight: source.sampled ?? 1,
    network: source.network,
  });
  const bias = biasWatch(source, () => reader.format()?.losses ?? []);
  const book = collector.source('access_log', source.path);
  let taken = 0;
  let newestMs = 0;

  const onLine = (bytes: Buffer, start: number, end: number): void => {
    const record = reader.parse(bytes, start, end);
    if (typeof record === 'string') return book.rejected(record);
    const outcome = counter.count(record);
    if (outcome !== 'taken') return book.rejected(outcome);
    taken++;
    if (record.endMs > newestMs) newestMs = record.endMs;
    bias.saw(record);
  };
  const tail = startTail({
    path: source.path,
    from,
    pollMs,
    onLine,
    onRead() {
      counter.flush();
      if (taken > 0) book.taken(taken, newestMs);
      taken = 0;
      bias.tell(book);
      identity.refresh();
      ends.refresh();
    },
    onLoss: (loss) => book.rejected(loss),
    onTruncated: () => bias.truncated(),
    onOpened: () => identity.opened(),
    onState: (state) => {
      if (state.kind === 'reading') book.state('ok');
      else book.state(state.kind === 'waiting' ? 'off' : 'limited', state.reason);
    },
  });
  return { stop: () => closed(tail, book) };
}

async function closed(tail: Tail, book: SourceBook): Promise<void> {
  await tail.stop();
  book.close();
}
