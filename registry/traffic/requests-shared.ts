import type { RequestsSeen } from '@netring/contract/graph';
import { appended, type ChangeEntry, type Fold } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import { mostAtOnce } from './requests.ts';

/** The entry of the change log: these requests were told to replica `by`. */
interface RequestsChange extends ChangeEntry {
  kind: 'requests';
  by: string;
  seen: RequestsSeen;
}

/** Requests that were told to one replica, for those who look at another. */
export interface SharedRequests extends Fold {
  /** Notes what this replica was told. */
  note(seen: RequestsSeen): void;
  /** Passes on what was noted, when it is time. Nothing waits for it: a sample that is late is worth nothing. */
  flush(nowMs: number): void;
}

/** So often at most: at 30 kB each that is 4 MB of the store for the minute that the log is kept. */
const tellMs = 500;

/**
 * @param told called with what other replicas were told
 */
export function createSharedRequests(
  store: Store,
  replica: string,
  told: (seen: RequestsSeen) => void,
): SharedRequests {
  let waiting: RequestsSeen | undefined;
  let toldMs = -Infinity;

  return {
    load: () => Promise.resolve(),
    apply(entries) {
      for (const entry of entries) if (isRequests(entry) && entry.by !== replica) told(entry.seen);
    },
    note(seen) {
      waiting = waiting === undefined ? seen : joined(waiting, seen);
    },
    flush(nowMs) {
      if (waiting === undefined || nowMs - toldMs < tellMs) return;
      const change: RequestsChange = { kind: 'requests', by: replica, seen: waiting };
      waiting = undefined;
      toldMs = nowMs;
      const { log, value, bound } = appended(change);
      store.log.append(log, value, bound).catch(() => undefined);
    },
  };
}

/** Of two samples as many as one may hold, with the count of both. */
function joined(before: RequestsSeen, after: RequestsSeen): RequestsSeen {
  const items = [...before.items, ...after.items].slice(0, mostAtOnce);
  return { now_ms: after.now_ms, seen: before.seen + after.seen, items };
}

function isRequests(entry: ChangeEntry): entry is RequestsChange {
  return entry.kind === 'requests';
}
