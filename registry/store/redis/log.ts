import { setTimeout as sleep } from 'node:timers/promises';
import type { Log, LogEntry, Store } from '../store.ts';
import { logKey } from './keys.ts';
import type { Link } from './link.ts';

/** How long one question for news stays open at Redis: an answer this often, empty or not, proves that it lives. */
const newsWithinMs = 1_000;

/** Bounds what one answer may hold while a reader catches up. */
const entriesAtOnce = 1_000;

/** Asked for more often, a busy log costs more in questions than in entries; nobody sees a screen change this fast. */
const gatherMs = 50;

/** One entry as Redis gives it: its id, and its one field with its value. */
type RawEntry = [id: Buffer, fields: [name: Buffer, value: Buffer]];

/** A log is a stream. `connectForTail` makes a connection that does not come back: its loss is the tail's end. */
export function redisLog(link: Link, commit: Store['commit'], connectForTail: () => Link): Log {
  return {
    async append(log, value, bound) {
      const done = await commit({ append: { log, value, bound } });
      return done.outcome === 'done' ? done.logId : '0-0';
    },
    async range(log, afterId, limit) {
      const found = link.client.callBuffer('xrange', logKey(log), `(${afterId}`, '+', 'COUNT', limit);
      return entriesOf(await link.ask(found));
    },
    async lastId(log) {
      const found = link.client.callBuffer('xrevrange', logKey(log), '+', '-', 'COUNT', 1);
      return entriesOf(await link.ask(found))[0]?.id ?? '0-0';
    },
    async tail(log, afterId, onEntries, signal) {
      if (signal.aborted) return;
      const own = connectForTail();
      const close = () => own.close();
      signal.addEventListener('abort', close);
      try {
        await own.connect();
        await follow(own, log, afterId, onEntries, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        signal.removeEventListener('abort', close);
        close();
      }
    },
  };
}

async function follow(
  link: Link,
  log: string,
  afterId: string,
  onEntries: (entries: LogEntry[]) => void,
  signal: AbortSignal,
): Promise<void> {
  let lastId = afterId;
  while (!signal.aborted) {
    // In capitals, which keeps the client from changing the shape of the reply.
    const news = await link.ask(
      link.client.callBuffer(
        'XREAD',
        'COUNT',
        entriesAtOnce,
        'BLOCK',
        newsWithinMs,
        'STREAMS',
        logKey(log),
        lastId,
      ),
    );
    const entries = entriesOf((news as [[key: Buffer, entries: RawEntry[]]] | null)?.[0][1] ?? []);
    lastId = entries.at(-1)?.id ?? lastId;
    if (entries.length > 0 && !isAborted(signal)) onEntries(entries);
    // The first of many that come at once would be asked for alone.
    await sleep(gatherMs);
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;

function entriesOf(raw: unknown): LogEntry[] {
  return (raw as RawEntry[]).map(([id, [, value]]) => ({ id: id.toString('latin1'), value }));
}
