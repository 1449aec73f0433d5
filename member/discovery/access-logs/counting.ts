import type { LiveRequest } from '@netring/contract/traffic';
import type { TrafficObservation } from '@netring/topology';
import type { Collector } from '../collector.ts';
import type { AccessRecord, Client, Try, Upstream } from './access-record.ts';
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
  /** Hands a request to the collector; false when no end of it is known. */
  count(record: AccessRecord): boolean;
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
  const askProxy = (record: AccessRecord, client: Client, proxy: ProxyEnds): void => {
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
    };
    collector.observe(one);
    if (!collector.skipsRequest(client.id, proxy.id)) {
      const isInside = proxy.isInside || record.tries[0]?.upstream.isInside === true;
      const { status, durationMs } = record;
      const ends = { source: client.id, target: proxy.id, ingress: !client.isInside && isInside };
      collector.request({ ...ends, ...requestOf(record, status, durationMs) });
    }
    if (record.originMs === undefined || record.durationMs === undefined) return;
    sums.origin(client.id, proxy.id, record.protocol, record.endMs, record.originMs, record.durationMs);
  };

  const askBackend = (record: AccessRecord, source: Asker, one: Try): void => {
    const { upstream, protocol } = one;
    collector.observe({
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
    });
    if (!collector.skipsRequest(source.id, upstream.id)) {
      const ends = { source: source.id, target: upstream.id, ingress: !source.isInside && upstream.isInside };
      collector.request({ ...ends, ...requestOf(record, one.status, one.latencyMs) });
    }
    if (one.connectMs !== undefined)
      sums.connect(source.id, upstream.id, protocol, record.endMs, one.connectMs);
  };

  return {
    count(record) {
      const { client, tries } = record;
      if (record.isDirect) {
        const [one] = tries;
        if (client === undefined || one === undefined) return false;
        askBackend(record, client, one);
        return true;
      }
      if (client === undefined && tries.length === 0) return false;
      const proxy = proxyOf(record.server);
      if (client !== undefined) askProxy(record, client, proxy);
      for (const one of tries)
        askBackend(record, { end: proxy.asking, id: proxy.id, isInside: proxy.isInside }, one);
      return true;
    },
    flush: () => sums.flush(),
  };
}

type Asker = Pick<Client, 'end' | 'id' | 'isInside'>;
