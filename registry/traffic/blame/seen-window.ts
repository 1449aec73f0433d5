import { percentile } from '@netring/topology';
import type { CountFacts, SignalFacts, WindowFacts } from '../facts.ts';
import { roundTrips } from './round-trips.ts';

/** What a window shows, before anything is compared with what is usual. Absent: nobody measured it. */
export interface SeenWindow {
  startMs: number;
  durationMs: number;
  requests: number;
  errors: { server: number; transport: number };
  latency?: Latency;
  /** Whether anything came back of what was sent; absent where nobody counted bytes, or none was sent. */
  answered?: boolean;
  /** Bytes sent to the callee, as far as they were counted. */
  sentBytes: number;
  /** Lowest and smoothed round trip of the connections. */
  floorMs?: number;
  smoothedMs?: number;
  /** Smoothed at the other end, where both are seen: what the callee sends is acknowledged by the caller. */
  smoothedBackMs?: number;
  trips: number;
  connections?: number;
  /** 0–1 of the bytes sent. */
  retransmitted?: number;
  retransmits: number;
  /** 0–1 of the time that connections were busy sending. */
  windowLimited?: number;
  /** Who did not read what was sent. */
  limitedBy?: 'caller' | 'callee';
  connectMs?: number;
  proxyMs?: number;
}

export interface Latency {
  count: number;
  meanMs: number;
  p50Ms: number;
  p95Ms: number;
  /**
   * Where it was taken: at the caller's side of the network, at the callee's, where the network is not in it, or at
   * a place that nobody named.
   */
  side: 'caller' | 'callee' | 'unknown';
}

/** Fewer requests are no median. */
export const leastRequests = 5;

/** Reads a window: of each thing the best source, never a sum over sources. */
export function seeWindow(window: WindowFacts, protocol: string): SeenWindow {
  const { counts, signals } = window;
  const byTrust = trusted(signals);
  const rtt = byTrust.find(({ rtt_floor_ms, rtt_ms }) => rtt_floor_ms !== undefined || rtt_ms !== undefined);
  const connections = byTrust.find((one) => one.connections !== undefined)?.connections;
  const limited = byTrust.find((one) => one.rwnd_limited_ms !== undefined && (one.busy_ms ?? 0) > 0);
  const latency = latencyOf(counts, signals);
  return {
    startMs: window.startMs,
    durationMs: window.durationMs,
    requests: countsRequests(counts) ? (counts?.requests ?? 0) : 0,
    errors: { server: counts?.server_errors ?? 0, transport: counts?.transport_failures ?? 0 },
    sentBytes: counts?.bytes_sent ?? 0,
    ...defined({
      latency,
      answered: answeredIn(counts),
      floorMs: floorOf(signals) ?? rtt?.rtt_ms,
      smoothedMs: rtt?.rtt_ms,
      smoothedBackMs: rtt?.evidence === 'caller' ? smoothedBy('callee', signals) : undefined,
      connections,
      windowLimited: limited && Math.min(1, (limited.rwnd_limited_ms ?? 0) / (limited.busy_ms ?? 1)),
      limitedBy: limited && (limited.evidence === 'callee' ? 'caller' : 'callee'),
      connectMs: meanOf(byTrust.find((one) => one.connect !== undefined)?.connect),
      proxyMs: meanOf(signals.find((one) => one.proxy !== undefined)?.proxy),
    }),
    trips: tripsOf(window, byTrust, protocol),
    ...retransmissions(byTrust),
  };
}

/** The caller's own sockets know the way there; then the callee's; then what only passes by. */
function trusted(signals: readonly SignalFacts[]): SignalFacts[] {
  const order = ['caller', 'callee', 'flow', 'log', 'span'];
  return [...signals].sort((a, b) => order.indexOf(a.evidence) - order.indexOf(b.evidence));
}

/** Both ends look at one path, and each floor is too high at most: by acknowledgements that wait for an answer. */
function floorOf(signals: readonly SignalFacts[]): number | undefined {
  const floors = signals.flatMap(({ rtt_floor_ms }) => rtt_floor_ms ?? []);
  return floors.length === 0 ? undefined : Math.min(...floors);
}

function smoothedBy(end: SignalFacts['evidence'], signals: readonly SignalFacts[]): number | undefined {
  return signals.find(({ evidence, rtt_ms }) => evidence === end && rtt_ms !== undefined)?.rtt_ms;
}

/** Sockets and flows count connections. */
function countsRequests(counts: CountFacts | undefined): boolean {
  if (counts === undefined) return false;
  return counts.latency_count > 0 || counts.countedBy === 'log' || counts.countedBy === 'span';
}

/** By whoever counts bytes. Requests that were counted tell themselves how they ended. */
function answeredIn(counts: CountFacts | undefined): boolean | undefined {
  if (counts === undefined) return undefined;
  if (counts.latency_count > 0 || counts.bytes_received > 0) return true;
  return counts.bytes_sent > 0 && !countsRequests(counts) ? false : undefined;
}

function latencyOf(counts: CountFacts | undefined, signals: readonly SignalFacts[]): Latency | undefined {
  if (counts === undefined || counts.latency_count < leastRequests) return undefined;
  const p50Ms = percentile(counts.latency, 0.5);
  const p95Ms = percentile(counts.latency, 0.95);
  if (p50Ms === undefined || p95Ms === undefined) return undefined;
  const meanMs = counts.latency_sum_ms / counts.latency_count;
  return { count: counts.latency_count, meanMs, p50Ms, p95Ms, side: sideOf(counts, signals) };
}

/**
 * What times its origin is the proxy that was asked: its clients' network lies before it. A log that does not may be of
 * either end.
 */
function sideOf({ countedBy, side }: CountFacts, signals: readonly SignalFacts[]): Latency['side'] {
  if (countedBy === 'span') return side ?? 'caller';
  if (countedBy === 'caller' || countedBy === 'callee') return countedBy;
  if (side === undefined) return 'unknown';
  const timesOrigin = signals.some(({ evidence, origin }) => evidence === countedBy && origin !== undefined);
  return timesOrigin ? 'callee' : 'unknown';
}

function tripsOf({ counts }: WindowFacts, byTrust: readonly SignalFacts[], protocol: string): number {
  if (!countsRequests(counts) || counts === undefined || counts.requests === 0) return 1;
  const fresh = byTrust.find((one) => one.new_connections !== undefined)?.new_connections ?? 0;
  return roundTrips({
    bytesSent: counts.bytes_sent / counts.requests,
    bytesReceived: counts.bytes_received / counts.requests,
    onNewConnection: Math.min(1, fresh / counts.requests),
    isTls: protocol === 'https',
  });
}

const segmentBytes = 1448;

/** The side that sent more again speaks: the two send different segments, but addition is only within one side. */
function retransmissions(signals: readonly SignalFacts[]): { retransmitted?: number; retransmits: number } {
  let worst: { retransmitted?: number; retransmits: number } = { retransmits: 0 };
  for (const { bytes_sent = 0, bytes_retransmitted, retransmits } of signals) {
    if (bytes_retransmitted === undefined && retransmits === undefined) continue;
    const bytes = bytes_retransmitted ?? (retransmits ?? 0) * segmentBytes;
    const one = {
      retransmitted: bytes_sent > 0 ? Math.min(1, bytes / bytes_sent) : bytes > 0 ? 1 : 0,
      retransmits: retransmits ?? Math.ceil(bytes / segmentBytes),
    };
    if (worst.retransmitted === undefined || one.retransmitted > worst.retransmitted) worst = one;
  }
  return worst;
}

function meanOf(sum: { sum_ms: number; count: number } | undefined): number | undefined {
  return sum === undefined || sum.count === 0 ? undefined : sum.sum_ms / sum.count;
}

function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
