import { endId } from '@netring/contract/end';
import type { Protocol, TrafficObservation } from '@netring/topology';
import type { Collector } from '../collector.ts';
import { isLoopback } from './far-end.ts';
import type { Half } from './half.ts';
import type { PairSink } from './pair-table.ts';
import { cleanText } from './senders.ts';
import { kinds } from './span.ts';

/** What was told, and what could not be. */
export interface SpanTally {
  /** Requests whose both ends came. */
  pairs: number;
  /** Requests of which one end came, told with the address that it names. */
  halves: number;
  /** Requests of which one end came that names no address of the other: not told. */
  untold: number;
  /** Told by parent and child alone. */
  kin: number;
  /** Pairs whose callee took longer than its caller waited: nothing is said of what lay between. */
  overlong: number;
}

/** One end of a dependency, ready for the collector. */
interface ToldEnd {
  id: string;
  host: string;
  port: number;
  name?: string;
}

/** What is told of one request beside its ends. */
interface Told {
  half: Half;
  protocol: Protocol | undefined;
  latencyMs?: number | undefined;
  outcome: Half['outcome'];
  method?: string | undefined;
  path?: string | undefined;
  bytesSent: number;
  bytesReceived: number;
}

/** Turns what spans say into dependencies. @param wallNow epoch milliseconds */
export function createDependencies(
  collector: Collector,
  wallNow: () => number,
): { sink: PairSink; tally: SpanTally } {
  const tally: SpanTally = { pairs: 0, halves: 0, untold: 0, kin: 0, overlong: 0 };

  const tell = (source: ToldEnd, target: ToldEnd, told: Told): void => {
    const { half, latencyMs, outcome, method, path } = told;
    // A sender's clock that runs ahead must not make its spans the future's.
    const atMs = Math.min(half.endMs, wallNow());
    const protocol = told.protocol ?? 'tcp';
    const observation: TrafficObservation = {
      timestamp_ms: atMs,
      source: endpointOf(source),
      destination: endpointOf(target),
      protocol,
      bytes_sent: told.bytesSent,
      bytes_received: told.bytesReceived,
      ...(latencyMs !== undefined && { latency_ms: latencyMs }),
      ...(outcome.status !== undefined && { status_code: outcome.status }),
      ...(method !== undefined && { method }),
      ...(path !== undefined && { path }),
      failed: outcome.failed,
      weight: half.weight,
      evidence: 'span',
    };
    if (collector.observe(observation) !== 'taken') return;
    if (collector.skipsRequest(source.id, target.id)) return;
    collector.request({
      at_ms: atMs,
      source: source.id,
      target: target.id,
      ...(method !== undefined && cleanText(method, 32) !== '' && { method: cleanText(method, 32) }),
      ...(path !== undefined && { path }),
      ...(outcome.status !== undefined && { status: outcome.status }),
      ...(latencyMs !== undefined && { duration_ms: latencyMs }),
    });
  };

  /** What lay between the two: a difference of two durations, each on its own clock. */
  const tellShares = (caller: Half, callee: Half, protocol: Protocol): void => {
    if (caller.kind !== kinds.client || callee.kind !== kinds.server) return;
    if (caller.durationMs === undefined || callee.durationMs === undefined) return;
    if (callee.durationMs > caller.durationMs) {
      tally.overlong++;
      return;
    }
    const atMs = Math.min(caller.endMs, wallNow());
    const { weight } = caller;
    const between = caller.durationMs - callee.durationMs;
    collector.signals(
      { source: caller.sender.end, target: callee.sender.end, protocol, evidence: 'span', atMs },
      {
        callee: { sum_ms: callee.durationMs * weight, count: weight },
        between: { sum_ms: between * weight, count: weight },
      },
    );
  };

  /** The end that a half names: a service of this host, an address, or a name alone. */
  const farEnd = (half: Half, isCallee: boolean): ToldEnd | undefined => {
    const { host, port, name } = half.far;
    const named = name === undefined ? '' : cleanText(name, 200);
    const isSeen = host !== undefined && (!isLoopback(host) || (isCallee && half.sender.hasHostNetwork));
    if (!isSeen)
      return named === ''
        ? undefined
        : { id: endId({ kind: 'peer', name: named }), host: named, port, name: named };
    const service = isCallee && half.sender.isHere ? collector.serviceAt(numeric(host), port) : undefined;
    const address = isCallee ? collector.calleeId(host, port) : collector.callerId(host);
    const id = service === undefined ? address : endId({ kind: 'service', name: service });
    return id === '' ? undefined : { id, host, port, ...(named !== '' && { name: named }) };
  };

  const tellCaller = (half: Half): void => {
    const target = farEnd(half, true);
    if (target === undefined) {
      tally.untold++;
      return;
    }
    tally.halves++;
    // What a consumer does with a message is not what the broker took to hand it out.
    const latencyMs = half.kind === kinds.consumer ? undefined : half.durationMs;
    tell(ownEnd(half, 0), target, { ...half, half, latencyMs });
  };
  const sink: PairSink = {
    pair(caller, callee) {
      tally.pairs++;
      const protocol = caller.protocol ?? callee.protocol ?? 'tcp';
      tell(ownEnd(caller, 0), ownEnd(callee, callee.ownPort || caller.far.port), {
        half: caller,
        protocol,
        latencyMs: caller.durationMs,
        outcome: isSilent(caller) ? callee.outcome : caller.outcome,
        method: caller.method ?? callee.method,
        path: callee.path ?? caller.path,
        bytesSent: caller.bytesSent || callee.bytesSent,
        bytesReceived: caller.bytesReceived || callee.bytesReceived,
      });
      tellShares(caller, callee, protocol);
    },
    caller: tellCaller,
    callee(half) {
      // A consumer asks its broker, not the broker the consumer.
      if (half.kind === kinds.consumer) return tellCaller(half);
      const source = farEnd(half, false);
      if (source === undefined) {
        tally.untold++;
        return;
      }
      tally.halves++;
      tell(source, ownEnd(half, half.ownPort), { ...half, half, latencyMs: half.durationMs });
    },
    kin(parent, child) {
      tally.kin++;
      const isCalled = child.kind === kinds.server || child.kind === kinds.consumer;
      const calls = parent.kind === kinds.client || parent.kind === kinds.producer;
      tell(ownEnd(parent, 0), ownEnd(child, isCalled ? child.ownPort : 0), {
        ...child,
        half: child,
        protocol: (calls ? parent.protocol : undefined) ?? (isCalled ? child.protocol : undefined),
        latencyMs: calls ? parent.durationMs : isCalled ? child.durationMs : undefined,
        outcome: isCalled ? child.outcome : calls ? parent.outcome : { status: undefined, failed: false },
      });
    },
  };
  return { sink, tally };
}

/** Whether a caller says nothing of how it went. */
function isSilent({ outcome }: Half): boolean {
  return outcome.status === undefined && !outcome.failed;
}

/** The sender of a span. Its host is its name: the address that a request went to may be a proxy's. */
function ownEnd({ sender }: Half, port: number): ToldEnd {
  return { id: sender.end, host: sender.name, port, name: sender.name };
}

function endpointOf({ id, host, port, name }: ToldEnd): TrafficObservation['source'] {
  return { host, port, service: id, ...(name !== undefined && { name }) };
}

function numeric(host: string): string {
  return host.toLowerCase() === 'localhost' ? '127.0.0.1' : host;
}
