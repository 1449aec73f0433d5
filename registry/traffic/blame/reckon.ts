import type { Laid } from '../overlay/index.ts';
import type { SeenWindow } from './seen-window.ts';
import type { Reading, UsualBook } from './usual.ts';
import { excessRatio } from './usual.ts';

/** A window in the terms of blame. What is not known is absent. */
export interface Reckoned {
  reading: Reading;
  /** Round trip that requests live with, and why that one. */
  rttMs?: number;
  rttBy?: 'connections' | 'smoothed' | 'probes';
  /** Milliseconds of a request, beyond the usual, that the round trip explains. */
  addedByRttMs: number;
  /** Of a median request: what retransmissions took. */
  stallAtMedianMs: number;
  /** Of a mean one. */
  stallMs: number;
  /** 0–1 of the requests that waited for a retransmission, at most. */
  stalledShare: number;
  /** The latency was taken behind the network: the network comes on top of it. */
  networkOnTop: boolean;
  shares?: { total: number; network: number; application: number; proxy: number };
}

/** A delayed acknowledgement of Linux: 40 ms, or a round trip where that is longer, at most 200. */
const delayedAckMs = { least: 45, most: 200 };
/** The least time-out before a segment is sent again. */
const resendMs = 200;
const leastMs = 2;
const noStalls = { stallAtMedianMs: 0, stallMs: 0, stalledShare: 0 };

/** Works out where the time of a window's requests went. */
export function reckon(seen: SeenWindow, laid: Laid, usual: UsualBook): Reckoned {
  const rtt = rttOf(seen, laid, usual);
  const usualRtt = usual.of('rtt')?.median;
  const addedByRttMs =
    rtt === undefined || usualRtt === undefined ? 0 : Math.max(0, rtt.ms - usualRtt) * seen.trips;
  const base = { addedByRttMs, ...(rtt === undefined ? {} : { rttMs: rtt.ms, rttBy: rtt.by }) };
  const plain = plainReading(seen, laid, rtt?.ms);
  const { latency } = seen;
  if (latency === undefined || rtt === undefined) {
    const timed = latency === undefined ? {} : { p50: latency.p50Ms, p95: latency.p95Ms };
    return { ...base, reading: { ...plain, ...timed }, ...noStalls, networkOnTop: false };
  }
  const byRtt = rtt.ms * seen.trips;
  const networkOnTop = isOnTop(seen, byRtt, addedByRttMs, usual);
  const inLatency = networkOnTop ? 0 : byRtt;
  const stalls = stallsOf(seen, rtt.ms, inLatency, usual);
  const proxy = Math.min(seen.proxyMs ?? 0, latency.meanMs);
  const origin = latency.meanMs - proxy;
  const network = networkOnTop ? byRtt + stalls.meanMs : Math.min(origin, byRtt + stalls.meanMs);
  const application = Math.max(0, origin - (networkOnTop ? stalls.meanMs : network));
  const shares = { total: proxy + network + application, network, application, proxy };
  const applicationAtMedian = Math.max(0, latency.p50Ms - proxy - inLatency - stalls.medianMs);
  return {
    ...base,
    reading: {
      ...plain,
      p50: latency.p50Ms,
      p95: latency.p95Ms,
      applicationAtMedian,
      total: shares.total,
      network,
      application,
    },
    stallAtMedianMs: stalls.medianMs,
    stallMs: stalls.meanMs,
    stalledShare: stalls.share,
    networkOnTop,
    shares,
  };
}

/** A warm connection needs fewer round trips than a new one: no more fit into what requests usually take. */
export function withPlausibleTrips(seen: SeenWindow, usual: UsualBook): SeenWindow {
  const [p50, rtt] = [usual.of('p50')?.median, usual.of('rtt')?.median];
  if (seen.latency?.side === 'callee' || p50 === undefined || rtt === undefined || rtt === 0) return seen;
  return { ...seen, trips: Math.min(seen.trips, Math.max(1, p50 / rtt)) };
}

function plainReading(seen: SeenWindow, laid: Laid, rttMs: number | undefined): Reading {
  const all = {
    rtt: rttMs,
    smoothed: seen.smoothedMs,
    smoothedBack: seen.smoothedBackMs,
    probe: laid.newestMs,
    retransmitted: seen.retransmitted,
    windowLimited: seen.windowLimited,
    connect: seen.connectMs,
    proxy: seen.proxyMs,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/**
 * The floor of the connections, since the smoothed time has delayed acknowledgements in it. Where every request waits for
 * its answer even the floor has: so much above the probes of the same path is no network. And the kernel's floor lives for minutes:
 * where probes are slower than usual, the smoothed time is believed as far as they go; and where it rose just as much as
 * requests did, and at both ends or beyond what any delayed acknowledgement adds, it is the network.
 */
function rttOf(
  seen: SeenWindow,
  laid: Laid,
  usual: UsualBook,
): { ms: number; by: NonNullable<Reckoned['rttBy']> } | undefined {
  const { smoothedMs } = seen;
  const { newestMs: probeMs } = laid;
  if (seen.floorMs === undefined) {
    if (probeMs !== undefined) return { ms: probeMs, by: 'probes' };
    return laid.under.kind === 'local' ? { ms: 0, by: 'probes' } : undefined;
  }
  const isDelayed =
    probeMs !== undefined &&
    seen.floorMs > probeMs &&
    seen.floorMs - probeMs <= Math.min(delayedAckMs.most, Math.max(delayedAckMs.least, 1.1 * probeMs));
  const floorMs = isDelayed ? probeMs : seen.floorMs;
  const usualFloor = usual.of('rtt')?.median;
  if (smoothedMs === undefined || usualFloor === undefined) return { ms: floorMs, by: 'connections' };
  const probes = addedByProbes(laid, usual);
  const added = probes > 0 ? probes : addedBySmoothed(seen, usual);
  // A floor that has moved is better than the smoothed time.
  const isOld = added > 0 && floorMs - usualFloor < added / 2;
  const ms = isOld ? Math.min(smoothedMs, usualFloor + added) : floorMs;
  return ms > floorMs ? { ms, by: 'smoothed' } : { ms: floorMs, by: 'connections' };
}

/**
 * Whether it is known what probes of this path usually take, if there are any. They may come later than the traffic: then a
 * slower network cannot be told from a slower application until they are known, too.
 */
export function knowsProbes(laid: Laid, usual: UsualBook): boolean {
  return laid.newestMs === undefined || (usual.of('probe')?.windows ?? 0) >= usual.least;
}

/** How much slower than usual probes are; 0 when they are not, or what is usual is not known. */
export function addedByProbes(laid: Laid, usual: UsualBook): number {
  const probe = usual.of('probe');
  if (laid.newestMs === undefined || probe === undefined || !knowsProbes(laid, usual)) return 0;
  return excessRatio(laid.newestMs, probe, leastMs) > 1 ? laid.newestMs - probe.median : 0;
}

function addedBySmoothed(seen: SeenWindow, usual: UsualBook): number {
  const { smoothedMs = 0, latency, trips } = seen;
  const [smoothed, p50] = [usual.of('smoothed'), usual.of('p50')];
  if (smoothed === undefined) return 0;
  const alone = smoothedMs - smoothed.median;
  const isBeyondAcks = alone > delayedAckMs.most;
  const added = isBeyondAcks ? alone : addedAtBothEnds(seen, usual);
  if (added === 0) return 0;
  if (latency === undefined || p50 === undefined || latency.side === 'callee')
    return isBeyondAcks ? added : 0;
  const addedToRequests = latency.p50Ms - p50.median;
  const isExplained = Math.abs(addedToRequests - added * trips) <= 0.25 * addedToRequests;
  const isOutside = isBeyondAcks && latency.side === 'unknown' && addedToRequests <= 0.25 * added;
  return isExplained || isOutside ? added : 0;
}

/**
 * What both ends' smoothed times rose by. An application that answers later delays the acknowledgements of what it was
 * asked, and not those of its answers: only the network delays both.
 */
function addedAtBothEnds({ smoothedMs, smoothedBackMs }: SeenWindow, usual: UsualBook): number {
  const added = (value: number | undefined, feature: 'smoothed' | 'smoothedBack') => {
    const before = usual.of(feature);
    if (value === undefined || before === undefined || before.windows < usual.least) return 0;
    return excessRatio(value, before, leastMs) > 1 ? value - before.median : 0;
  };
  return Math.min(added(smoothedMs, 'smoothed'), added(smoothedBackMs, 'smoothedBack'));
}

/** Whether the latency was taken where the network is not in it. Nobody said of some: then the figures do. */
function isOnTop(
  { latency, trips }: SeenWindow,
  byRtt: number,
  addedByRtt: number,
  usual: UsualBook,
): boolean {
  if (latency === undefined || latency.side === 'caller') return false;
  if (latency.side === 'callee') return true;
  // No request is faster than the network that it is said to have crossed.
  if (byRtt > latency.p50Ms + leastMs * trips) return true;
  const p50 = usual.of('p50');
  return p50 !== undefined && addedByRtt > leastMs && latency.p50Ms - p50.median < 0.8 * addedByRtt;
}

/**
 * What retransmissions took of requests. Each stops its connection for a time-out, and with it all requests that share
 * the connection meanwhile; the tail, what the mean has over the median, is all that this can explain, unless so many
 * requests wait that the median does.
 */
function stallsOf(
  seen: SeenWindow,
  rttMs: number,
  networkMs: number,
  usual: UsualBook,
): { medianMs: number; meanMs: number; share: number } {
  const { latency, requests, retransmits, durationMs, connections = 0 } = seen;
  if (latency === undefined || requests === 0 || retransmits === 0)
    return { medianMs: 0, meanMs: 0, share: 0 };
  const stopMs = resendMs + rttMs;
  const others = connections > 0 ? requests / connections / durationMs : 0;
  const explained = (retransmits * (stopMs + (others * stopMs * stopMs) / 2)) / requests;
  const busy = connections > 0 ? (retransmits * stopMs) / (durationMs * connections) : 0;
  const share = Math.max(retransmits / requests, busy);
  const usualApplication = usual.of('applicationAtMedian')?.median ?? Infinity;
  const over = latency.p50Ms - networkMs - (seen.proxyMs ?? 0) - usualApplication;
  // What is usual is in the usual median.
  const { retransmitted = 0 } = seen;
  const unusual =
    retransmitted > 0 ? Math.max(0, 1 - (usual.of('retransmitted')?.median ?? 0) / retransmitted) : 0;
  const felt = share * unusual;
  const medianMs = felt < 0.4 ? 0 : Math.min(Math.max(0, over), Math.max(1, felt) * stopMs);
  const meanMs = medianMs + Math.min(explained, Math.max(0, latency.meanMs - latency.p50Ms));
  return { medianMs, meanMs, share };
}
