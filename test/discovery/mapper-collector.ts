import { endId } from '@netring/contract/end';
import type { Collector } from '@netring/member/discovery/collector';
import type { SourceHealth } from '@netring/contract/inventory';
import type { LiveRequest, TrafficSignals } from '@netring/contract/traffic';
import { TopologyMapper, type MapperOptions } from '@netring/topology';

/** What a source wrote into its book. */
export interface ReadBook {
  kind: SourceHealth['kind'];
  name: string;
  state: SourceHealth['state'] | undefined;
  reason: string | undefined;
  taken: number;
  rejected: Record<string, number>;
  losses: readonly string[];
  isClosed: boolean;
}

/** A collector that counts in a real mapper, and keeps what else it was told. */
export interface MapperCollector extends Collector {
  mapper: TopologyMapper;
  books: ReadBook[];
  /** Requests offered for the live picture, and the newest of them. */
  offered(): { seen: number; count: number; last: LiveRequest | undefined };
  /** How often signals came, and their sums over everything. */
  summed(): { calls: number; proxyMs: number; originMs: number; connectMs: number; requests: number };
  /** Signals by `source target`. */
  signalsBetween: Map<string, Partial<TrafficSignals>>;
}

export function mapperCollector(options: MapperOptions = {}): MapperCollector {
  const mapper = new TopologyMapper(options);
  const books: ReadBook[] = [];
  const sums = { calls: 0, proxyMs: 0, originMs: 0, connectMs: 0, requests: 0 };
  const signalsBetween = new Map<string, Partial<TrafficSignals>>();
  let count = 0;
  let seen = 0;
  let last: LiveRequest | undefined;
  return {
    mapper,
    books,
    signalsBetween,
    offered: () => ({ seen, count, last }),
    summed: () => sums,
    observe: (observation) => mapper.observeTraffic(observation),
    signals({ source, target }, values) {
      sums.calls++;
      sums.proxyMs += values.proxy?.sum_ms ?? 0;
      sums.originMs += values.origin?.sum_ms ?? 0;
      sums.connectMs += values.connect?.sum_ms ?? 0;
      sums.requests += values.origin?.count ?? 0;
      if (signalsBetween.size < 1000) signalsBetween.set(`${source} ${target}`, values);
    },
    callerId: (host, network) => endId({ kind: 'address', host, ...inNetwork(network) }),
    calleeId: (host, port, network) =>
      endId({ kind: 'address', host, ...(port === 0 ? {} : { port }), ...inNetwork(network) }),
    skipsRequest: () => ++seen % 100 !== 0,
    request(request) {
      count++;
      last = request;
    },
    services: () => undefined,
    aliases: () => undefined,
    host: () => undefined,
    serviceAt: () => undefined,
    serviceOfPid: () => undefined,
    processes: () => undefined,
    source(kind, name) {
      const book: ReadBook = {
        ...{ kind, name, state: undefined, reason: undefined },
        ...{ taken: 0, rejected: {}, losses: [], isClosed: false },
      };
      books.push(book);
      return {
        taken: (amount) => (book.taken += amount),
        rejected: (reason, amount = 1) => (book.rejected[reason] = (book.rejected[reason] ?? 0) + amount),
        state: (state, reason) => Object.assign(book, { state, reason }),
        losses: (losses) => (book.losses = losses),
        close: () => (book.isClosed = true),
      };
    },
  };
}

function inNetwork(network: string | undefined): { network?: string } {
  return network === undefined ? {} : { network };
}
