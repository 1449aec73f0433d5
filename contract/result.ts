import { z } from 'zod';

/** The ways to measure that run all the time and are counted bucket by bucket. */
export const checkKinds = ['tcp', 'http', 'icmp', 'udp'] as const;
export type CheckKind = (typeof checkKinds)[number];

/** The ways to measure. A new kind is one file in `member/probe`, one schema in the contract. */
export const probeKinds = [...checkKinds, 'traceroute', 'bandwidth'] as const;
export type ProbeKind = (typeof probeKinds)[number];

/**
 * Whose fault it is. `refused` is an answer: the path is up. `void`: the prober itself was unfit (starved event loop,
 * own sends failing); shown, never counted, never alerted on.
 */
export const outcomes = [
  'ok',
  'timeout',
  'refused',
  'unreachable',
  'resolve_failed',
  'tls_failed',
  'bad_status',
  'inconclusive',
  'void',
] as const;
export type Outcome = (typeof outcomes)[number];

/** Milliseconds, sub-millisecond fraction kept. An hour is far beyond every timeout. */
const durationMs = z.number().min(0).max(3_600_000);

const common = {
  outcome: z.enum(outcomes),
  /** The member's monotonic clock when the result was complete. */
  ended_ms: z.number().min(0),
  /** Why it is not `ok`, for people. */
  reason: z.string().max(300).optional(),
  /** A failure that an immediate second try confirmed. */
  confirmed: z.boolean().optional(),
  /** Taken while a bandwidth test filled this member's link, at either end of it: shown, and counted as nothing. */
  disturbed: z.boolean().optional(),
};

/** One TCP connect. `connect_ms` is absent when a SYN was lost on the way: that is loss, not latency. */
export const tcpResult = z.object({
  kind: z.literal('tcp'),
  ...common,
  connect_ms: durationMs.optional(),
  /** SYNs that had to be sent again (the kernel waits 1 s before the first). */
  syn_retransmits: z.number().int().min(0).max(10).optional(),
});
export type TcpResult = z.infer<typeof tcpResult>;

/** One HTTP GET on a new connection, its phases apart. Reachability (any answer) and health (expected status) are two facts. */
export const httpResult = z.object({
  kind: z.literal('http'),
  ...common,
  /** The status answered: present means reachable, whatever it says. */
  status: z.number().int().min(100).max(599).optional(),
  name_ms: durationMs.optional(),
  connect_ms: durationMs.optional(),
  tls_ms: durationMs.optional(),
  first_byte_ms: durationMs.optional(),
  total_ms: durationMs.optional(),
});
export type HttpResult = z.infer<typeof httpResult>;

/** No result tells of more packets of one fate. */
export const mostPackets = 1e6;
const packets = z.number().int().min(0).max(mostPackets);

/** Round-trip times of the packets of one result that were answered. */
const roundTrips = {
  min_ms: durationMs.optional(),
  median_ms: durationMs.optional(),
  max_ms: durationMs.optional(),
  /** Mean difference between consecutive round trips (RFC 3550's idea, without its smoothing). */
  jitter_ms: durationMs.optional(),
};

/** A short train of ICMP echoes, each answer matched by id, sequence, source and a random payload. */
export const icmpResult = z.object({
  kind: z.literal('icmp'),
  ...common,
  sent: packets,
  received: packets,
  ...roundTrips,
});
export type IcmpResult = z.infer<typeof icmpResult>;

/**
 * What the authenticated UDP echo over many source ports has found since the last such result. Forward loss never
 * reached the far end, return loss was answered and did not come back: told apart by counters at the far end.
 */
export const udpResult = z.object({
  kind: z.literal('udp'),
  ...common,
  sent: packets,
  received: packets,
  ...roundTrips,
  forward_lost: packets,
  return_lost: packets,
  reordered: packets,
  duplicates: packets,
  /** The flows (source ports) as a whole, over a longer time than this one result. */
  flows: z
    .object({
      count: z.number().int().min(1).max(256),
      /** Flows that lose more than chance explains. */
      lossy: z.number().int().min(0).max(256),
      /** How sure it is that these flows differ from the others, 0–1. Absent when none is lossy. */
      confidence: z.number().min(0).max(1).optional(),
      /** Loss of the lossy flows, both ways together, 0–1. */
      loss_ratio: z.number().min(0).max(1).optional(),
      /** The way on which the lossy ones lose. */
      direction: z.enum(['forward', 'return', 'both']).optional(),
      /** The time these numbers stand on, milliseconds. */
      over_ms: z.number().min(0).max(86_400_000),
    })
    .optional(),
});
export type UdpResult = z.infer<typeof udpResult>;

/** What one probe of one target found, of those that are counted all the time; see `trace.ts` and `bandwidth.ts` for the others. */
export const result = z.discriminatedUnion('kind', [tcpResult, httpResult, icmpResult, udpResult]);
export type Result = z.infer<typeof result>;

/** The one latency that stands for a result: connect time for tcp, time to first byte for http, the median round trip for icmp and udp. Absent when there is none. */
export function latencyOf(one: Result): number | undefined {
  switch (one.kind) {
    case 'tcp':
      return one.connect_ms;
    case 'http':
      return one.first_byte_ms;
    case 'icmp':
    case 'udp':
      return one.median_ms;
  }
}

/** Whether the far end, or something on its address, answered at all: then the path is up, whatever was answered. */
export function answered(one: Result): boolean {
  switch (one.outcome) {
    case 'ok':
    case 'refused':
    case 'bad_status':
    case 'tls_failed':
      return true;
    default:
      return one.kind === 'http' && one.status !== undefined;
  }
}
