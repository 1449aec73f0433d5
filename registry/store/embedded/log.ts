import type { Log, LogEntry } from '../store.ts';
import { StoreAway } from '../store.ts';
import type { Ring, Rings } from './rings.ts';
import type { Writer } from './writer.ts';

/** Bounds what a reader is handed at once while it catches up. */
const entriesAtOnce = 1_000;

/** Reads go to the ring in memory. `closed` aborts when the store is closed. */
export function embeddedLog(rings: Rings, writer: Writer, closed: AbortSignal): Log {
  const whileOpen = <T>(answer: () => T): Promise<T> =>
    closed.aborted ? Promise.reject(new StoreAway('The store was closed.')) : Promise.resolve(answer());

  return {
    async append(log, value, bound) {
      const done = await writer.commit({ append: { log, value, bound } });
      return done.outcome === 'done' ? done.logId : '0-0';
    },
    range: (log, afterId, limit) => whileOpen(() => rings.of(log).after(afterId, limit)),
    lastId: (log) => whileOpen(() => rings.of(log).lastId()),
    async tail(log, afterId, onEntries, signal) {
      const either = AbortSignal.any([signal, closed]);
      await follow(rings.of(log), afterId, onEntries, either);
      if (!signal.aborted) throw new StoreAway('The store was closed.');
    },
  };
}

async function follow(
  ring: Ring,
  afterId: string,
  onEntries: (entries: LogEntry[]) => void,
  signal: AbortSignal,
): Promise<void> {
  let lastId = afterId;
  while (!signal.aborted) {
    const entries = ring.after(lastId, entriesAtOnce);
    lastId = entries.at(-1)?.id ?? lastId;
    if (entries.length > 0) onEntries(entries);
    else await addedOrAborted(ring, signal);
  }
}

function addedOrAborted(ring: Ring, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stopListening();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stopListening = ring.onAdded(done);
    signal.addEventListener('abort', done);
  });
}
