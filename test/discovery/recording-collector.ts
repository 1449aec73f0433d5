import type { AddressAlias, Inventory, LocalService, SourceHealth } from '@netring/contract/inventory';
import type { Collector, SignalsOf, SignalValues } from '@netring/member/discovery/collector';
import type { TrafficObservation } from '@netring/topology';

/** What a source has said in its book. */
export interface BookKept {
  taken: number;
  rejected: Record<string, number>;
  state?: SourceHealth['state'];
  reason?: string;
  losses: readonly string[];
  isClosed: boolean;
}

/** A collector that remembers everything it was handed. */
export interface RecordingCollector extends Collector {
  observations: TrafficObservation[];
  signalled: { of: SignalsOf; values: SignalValues }[];
  found: readonly LocalService[];
  aliased: readonly AddressAlias[];
  pids: ReadonlyMap<number, string>;
  hostTold: Inventory['host'] | undefined;
  books: Map<string, BookKept>;
}

export function recordingCollector(): RecordingCollector {
  const books = new Map<string, BookKept>();
  const kept: RecordingCollector = {
    observations: [],
    signalled: [],
    found: [],
    aliased: [],
    pids: new Map(),
    hostTold: undefined,
    books,
    observe(observation) {
      kept.observations.push(observation);
      return 'taken';
    },
    callerId: (host) => `address:${host}`,
    calleeId: (host, port) => `address:${host}:${port}`,
    signals(of, values) {
      kept.signalled.push({ of, values });
    },
    request: () => undefined,
    skipsRequest: () => true,
    services(_, services) {
      kept.found = services;
    },
    aliases(_, aliases) {
      kept.aliased = aliases;
    },
    host(host) {
      kept.hostTold = host;
    },
    serviceAt: () => undefined,
    serviceOfPid: (pid) => kept.pids.get(pid),
    processes(services) {
      kept.pids = services;
    },
    source(kind) {
      const book: BookKept = { taken: 0, rejected: {}, losses: [], isClosed: false };
      books.set(kind, book);
      return {
        taken: (count) => void (book.taken += count),
        rejected: (why, count = 1) => void (book.rejected[why] = (book.rejected[why] ?? 0) + count),
        state(state, reason) {
          book.state = state;
          if (reason === undefined) delete book.reason;
          else book.reason = reason;
        },
        losses: (sentences) => void (book.losses = sentences),
        close: () => void (book.isClosed = true),
      };
    },
  };
  return kept;
}

/** Totals of what was observed of one dependency by one kind of evidence. */
export interface Totals {
  connections: number;
  sent: number;
  received: number;
  looks: number;
}

/** `evidence source → target`, each with its totals. */
export function totals(observations: readonly TrafficObservation[]): Map<string, Totals> {
  const all = new Map<string, Totals>();
  for (const { evidence, source, destination, weight = 1, bytes_sent, bytes_received } of observations) {
    const key = `${evidence} ${source.service} → ${destination.service}`;
    const sum = all.get(key) ?? { connections: 0, sent: 0, received: 0, looks: 0 };
    // Bytes are those of one; of weight 0, those of all.
    const times = weight === 0 ? 1 : weight;
    sum.connections += weight;
    sum.sent += times * bytes_sent;
    sum.received += times * bytes_received;
    sum.looks++;
    all.set(key, sum);
  }
  return all;
}
