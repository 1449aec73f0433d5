import { z } from 'zod';
import { shortText } from './text.ts';

const amount = z.number().min(0).max(1e15);
/** Sum and count of milliseconds: a mean that adds up. */
const sum = z.object({ sum_ms: amount, count: amount });

/** An end as `endId` writes it. */
const end = z.string().min(3).max(600);

/**
 * What the kernel and the proxies know of one dependency in one bucket, beyond its requests. State, as all of a bucket.
 * What nobody measured is absent, not zero.
 */
export const trafficSignals = z.object({
  source: end,
  target: end,
  protocol: shortText(32),
  /** Which end or source saw it, as in the bucket's dependency. */
  evidence: z.enum(['log', 'span', 'caller', 'callee', 'flow']),
  /** The floor: lowest of the windowed minimum of `rtt` and `minrtt` of its connections. */
  rtt_floor_ms: amount.optional(),
  /** Median of the smoothed round-trip times of its connections. */
  rtt_ms: amount.optional(),
  /** Connections seen, and those of them that began in the bucket. */
  connections: amount.optional(),
  new_connections: amount.optional(),
  bytes_sent: amount.optional(),
  bytes_retransmitted: amount.optional(),
  retransmits: amount.optional(),
  /** Time that connections were busy sending; of that, limited by the receiver's window or the send buffer. */
  busy_ms: amount.optional(),
  rwnd_limited_ms: amount.optional(),
  sndbuf_limited_ms: amount.optional(),
  /** Bytes in the send queues, summed over its connections at each look. */
  queue_bytes: z.object({ last: amount, min: amount, max: amount, sum: amount, count: amount }).optional(),
  /** Time to connect to the callee, where something timed it. */
  connect: sum.optional(),
  /** Of requests through a proxy: what the proxy itself took, and what its origin took. */
  proxy: sum.optional(),
  origin: sum.optional(),
  /**
   * Of requests with a span at both ends: what the callee itself took, and the rest of what the caller waited: network,
   * proxies and queues. Differences of durations, never of two machines' clocks.
   */
  callee: sum.optional(),
  between: sum.optional(),
  /** A few of its connections, `ip:port>ip:port` as seen here: both ends naming one of them prove who is whom. */
  tuples: z.array(z.string().max(120)).max(4).optional(),
});
export type TrafficSignals = z.infer<typeof trafficSignals>;

/** What a member saw of traffic in one bucket *so far*: state, not increments. */
export const trafficState = z.object({
  /** Grows by one with every bucket; of one boot. */
  n: z.number().int().min(0),
  /** On the member's monotonic clock, as every time of a report. */
  started_ms: z.number(),
  /** Grows with every change: an older state changes nothing. */
  revision: z.number().int().min(0),
  /**
   * A traffic bucket of the topology library, whose ids of services are ends (`end.ts`). Its times are on the member's
   * wall clock; `start_ms` there is `started_ms` here.
   */
  bucket: z.unknown(),
  signals: z.array(trafficSignals).max(5000),
});
export type TrafficState = z.infer<typeof trafficState>;

/** One request as it happened, for the live picture only: a sample, counted nowhere. */
export const liveRequest = z.object({
  /** On the member's monotonic clock. */
  at_ms: z.number(),
  source: end,
  target: end,
  network: shortText(200).optional(),
  method: shortText(32).optional(),
  /** Without its query. */
  path: z.string().max(300).optional(),
  status: z.number().int().min(0).max(999).optional(),
  duration_ms: amount.optional(),
  /** It enters a private network from outside. */
  ingress: z.boolean().optional(),
});
export type LiveRequest = z.infer<typeof liveRequest>;

/** The sample of one report, and how many requests there were since the one before. */
export const liveRequests = z.object({ seen: amount, sample: z.array(liveRequest).max(200) });
export type LiveRequests = z.infer<typeof liveRequests>;
