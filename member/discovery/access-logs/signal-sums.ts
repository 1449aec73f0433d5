import type { Protocol } from '@netring/topology';
import type { Collector } from '../collector.ts';

/** Adds up what many lines say of one dependency, and hands it over at once: the collector is asked once, not per line. */
export interface SignalSums {
  /** What the origin took of a request, and the rest, which the proxy itself took. */
  origin(
    source: string,
    target: string,
    protocol: Protocol,
    atMs: number,
    originMs: number,
    totalMs: number,
  ): void;
  /** How long a connection to the target took. */
  connect(source: string, target: string, protocol: Protocol, atMs: number, connectMs: number): void;
  flush(): void;
}

interface Sum {
  source: string;
  target: string;
  protocol: Protocol;
  atMs: number;
  originMs: number;
  proxyMs: number;
  requests: number;
  connectMs: number;
  connects: number;
}

/** Of the buckets of time that signals are counted in; lines of two of them must not be added up. */
const bucketMs = 10_000;
/** Beyond it everything is handed over: what is kept between two reads stays small. */
const mostSums = 2000;

export function signalSums(collector: Collector): SignalSums {
  const bySource = new Map<string, Map<string, Sum>>();
  let size = 0;

  const hand = (sum: Sum): void => {
    const { source, target, protocol, atMs, requests, connects } = sum;
    collector.signals(
      { source, target, protocol, evidence: 'log', atMs },
      {
        ...(requests > 0
          ? {
              proxy: { sum_ms: sum.proxyMs, count: requests },
              origin: { sum_ms: sum.originMs, count: requests },
            }
          : {}),
        ...(connects > 0 ? { connect: { sum_ms: sum.connectMs, count: connects } } : {}),
      },
    );
  };
  const flush = (): void => {
    for (const targets of bySource.values()) for (const sum of targets.values()) hand(sum);
    bySource.clear();
    size = 0;
  };
  const sumOf = (source: string, target: string, protocol: Protocol, atMs: number): Sum => {
    let targets = bySource.get(source);
    const known = targets?.get(target);
    if (known !== undefined) {
      if (known.protocol === protocol && isSameBucket(known.atMs, atMs)) return known;
      hand(known);
    } else if (size >= mostSums) {
      flush();
      targets = undefined;
    }
    if (targets === undefined) bySource.set(source, (targets = new Map<string, Sum>()));
    const fresh = { originMs: 0, proxyMs: 0, requests: 0, connectMs: 0, connects: 0 };
    const sum: Sum = { source, target, protocol, atMs, ...fresh };
    if (known === undefined) size++;
    targets.set(target, sum);
    return sum;
  };

  return {
    origin(source, target, protocol, atMs, originMs, totalMs) {
      const sum = sumOf(source, target, protocol, atMs);
      sum.originMs += originMs;
      // The two are taken from one clock, but rounded apart.
      sum.proxyMs += Math.max(0, totalMs - originMs);
      sum.requests++;
    },
    connect(source, target, protocol, atMs, connectMs) {
      const sum = sumOf(source, target, protocol, atMs);
      sum.connectMs += connectMs;
      sum.connects++;
    },
    flush,
  };
}

function isSameBucket(a: number, b: number): boolean {
  return Math.floor(a / bucketMs) === Math.floor(b / bucketMs);
}
