import { z } from 'zod';

/** The ways to measure. A new kind is one file in `member/probe`, one schema here. */
export const probeKinds = ['tcp', 'http'] as const;
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

/** What one probe of one target found. */
export const result = z.discriminatedUnion('kind', [tcpResult, httpResult]);
export type Result = z.infer<typeof result>;

/** The one latency that stands for a result: connect time for tcp, time to first byte for http. Absent when there is none. */
export function latencyOf(one: Result): number | undefined {
  switch (one.kind) {
    case 'tcp':
      return one.connect_ms;
    case 'http':
      return one.first_byte_ms;
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
