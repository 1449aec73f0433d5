import type { LiveRequest } from '@netring/contract/traffic';
import type { ObservationOutcome, TrafficObservation } from '@netring/topology';
import type { Collector } from '../collector.ts';
import type { AccessRecord, Client, Try, Upstream } from './access-record.ts';
import { hintOf } from './hop.ts';
import type { ProxyEnds } from './proxy-ends.ts';
import { signalSums } from './signal-sums.ts';

export interface CountingOptions {
  collector: Collector;
  /** Who wrote the line; its `server` may say it more closely. */
  proxyOf: (server: Upstream | undefined) => ProxyEnds;
  /** How many requests a line stands for. */
  weight: number;
  network: string | undefined;
}

export interface Counting {
  /** Hands a request to the collector; says why one of its hops was refused, where one was. */
  count(record: AccessRecord): ObservationOutcome | 'no_ends';
  /** Hands over the signals of all lines since the last time. */
  flush(): void;
}

/** Turns what lines say into observations, signals and requests of the live picture. */
export function counting({ collector, proxyOf, weight, network }: CountingOptions): Counting {
  const sums = signalSums(collector);
  const weighed = weight === 1 ? undefined : weight;

  const requestOf = (
    { startMs, method, path }: AccessRecord,
    status: number,
    durationMs: number | undefined,
  ): Omit<LiveRequest, 'source' | 'target'> => ({
    at_ms: startMs,
    network,
    method,
    path,
    status: status === 0 ? undefined : status,
    duration_ms: durationMs,
  });
  const askProxy = (record: AccessRecord, client: Client, proxy: ProxyEnds): ObservationOutcome => {
    const one: TrafficObservation = {
      timestamp_ms: record.endMs,
      source: client.end,
      destination: proxy.asked,
      protocol: record.protocol,
      bytes_sent: record.requestBytes,
      bytes_received: record.responseBytes,
      latency_ms: record.durationMs,
      status_code: record.status === 0 ? undefined : record.status,
      method: record.method,
      path: record.path,
      failed: undefined,
      weight: weighed,
      evidence: 'log',
      hint: hintOf(client, proxy.asked, record.protocol),
    };
    const outcome = collector.observe(one);
    if (outcome !== 'taken') return outcome;
    if (!collector.skipsRequest(client.id, proxy.id)) {
      const isInside = proxy.isInside || record.tries[0]?.upstream.isInside === true;
      const { status, durationMs } = record;
      const ends = { source: client.id, target: proxy.id, ingress: !client.isInside && isInside };
      collector.request({ ...ends, ...requestOf(record, status, durationMs) });
    }
    const { originMs, durationMs } = record;
    if (originMs !== undefined && durationMs !== undefined)
      sums.origin(client.id, proxy.id, record.protocol, record.endMs, originMs, durationMs);
    return outcome;
  };

  const askBackend = (record: AccessRecord, source: Asker, one: Try): ObservationOutcome => {
    const { upstream, protocol } = one;
    const outcome = collector.observe({
      timestamp_ms: record.endMs,
      source: source.end,
      destination: upstream.end,
      protocol,
      bytes_sent: one.sentBytes,
      bytes_received: one.receivedBytes,
      latency_ms: one.latencyMs,
      status_code: one.status === 0 ? undefined : one.status,
      method: record.method,
      path: record.path,
      failed: one.failed ? true : undefined,
      weight: weighed,
      evidence: 'log',
      hint: hintOf(upstream, source.end, protocol),
    });
    if (outcome !== 'taken') return outcome;
    if (!collector.skipsRequest(source.id, upstream.id)) {
      const ends = { source: source.id, target: upstream.id, ingress: !source.isInside && upstream.isInside };
      collector.request({ ...ends, ...requestOf(record, one.status, one.latencyMs) });
    }
    if (one.connectMs !== undefined)
      sums.connect(source.id, upstream.id, protocol, record.endMs, one.connectMs);
    return outcome;
  };

  return {
    count(record) {
      const { client, tries } = record;
      if (record.isDirect) {
        const [one] = tries;
        return client === undefined || one === undefined ? 'no_ends' : askBackend(record, client, one);
      }
      if (client === undefined && tries.length === 0) return 'no_ends';
      const proxy = proxyOf(record.server);
      let outcome = client === undefined ? 'taken' : askProxy(record, client, proxy);
      for (const one of tries) {
        const asker = { end: proxy.asking, id: proxy.id, isInside: proxy.isInside };
        const next = askBackend(record, asker, one);
        if (outcome === 'taken') outcome = next;
      }
      return outcome;
    },
    flush: () => sums.flush(),
  };
}

type Asker = Pick<Client, 'end' | 'id' | 'isInside'>;
