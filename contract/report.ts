import { z } from 'zod';
import { bandwidthTest } from './bandwidth.ts';
import { largestBucket } from './histogram.ts';
import { planVersion } from './plan-answer.ts';
import { ownSchedule } from './own-schedule.ts';
import { signedAnswer } from './proof.ts';
import { inventory } from './inventory.ts';
import { result } from './result.ts';
import { task } from './task.ts';
import { instanceId, shortText } from './text.ts';
import { trace } from './trace.ts';
import { liveRequests, trafficState } from './traffic.ts';

/** Time is cut into buckets of this length; a report carries one bucket's totals so far. */
export const bucketMs = 10_000;

const count = z.number().int().min(0).max(1e9);

/**
 * What a member saw on one path, by one kind of probe and endpoint, in one bucket *so far*: state, not increments, so
 * that repeating or reordering reports harms nothing. Kind and endpoint stand in `last`.
 */
export const pathTotals = z.object({
  /** Instance id of the member probed, or the id of an external target. */
  target: shortText(200),
  /** The path asked for, for `http`; absent for `tcp`. */
  endpoint: shortText(200).optional(),
  /** Results, voided ones not counted. */
  checks: count,
  /** Results whose outcome was not `ok`, of `checks`. */
  failed: count,
  /** Results that counted for nothing since the prober was unfit. */
  voided: count,
  /** Attempts that went out (a lost SYN and its repetition are two). */
  sent: count,
  /** Attempts that nothing answered. */
  lost: count,
  /** Latency of the answered ones; see `histogram.ts`. */
  latency: z
    .array(z.number().int().min(0).max(1e9))
    .max(2 * (largestBucket + 1))
    .refine((list) => list.length % 2 === 0, 'must be pairs of bucket and count')
    .refine(
      (list) => list.every((value, at) => at % 2 === 1 || value <= largestBucket),
      'bucket out of range',
    ),
  last: result,
});
export type PathTotals = z.infer<typeof pathTotals>;

/** How the member itself is, so that its numbers can be judged. */
export const selfHealth = z.object({
  /** 99th percentile of the probe process's event-loop delay in the last bucket, milliseconds. */
  event_loop_delay_ms: z.number().min(0).max(1e7),
  /** Buckets that wait for the registry. */
  outbox_buckets: count,
  /** Buckets given up since the start, because the outbox was full. */
  outbox_dropped: count,
  /** Probe kinds that are off, each with its reason. */
  probes_off: z.array(z.object({ kind: shortText(32), reason: shortText(300) })).max(16),
  /** The clock of its host as it sends, epoch milliseconds: only to tell how wrong that goes. */
  clock_ms: z.number().min(0).max(1e15).optional(),
  schedule: ownSchedule.optional(),
});
export type SelfHealth = z.infer<typeof selfHealth>;

/** `POST /report`, all but the records, which are judged one by one. */
export const reportEnvelope = z.object({
  instance_id: instanceId,
  /** Chosen anew at each start of the member. */
  boot: shortText(64),
  /** Grows with every report of one boot; an older one changes nothing. */
  seq: z.number().int().min(0),
  /** The member's monotonic clock as it sends. Every other time here is on that clock. */
  now_ms: z.number().min(0),
  bucket: z.object({
    /** Counts up from 0 at each start. */
    n: z.number().int().min(0),
    started_ms: z.number().min(0),
  }),
  /** At most as many records as a registry takes in one report. */
  paths: z.array(z.unknown()).max(5000, 'must have at most 5000 records'),
  /** Traces made since the last report that was taken; sent again until one is. Judged one by one, as the records are. */
  traces: z.array(z.unknown()).max(64).optional(),
  /** Bandwidth tests made or skipped since, likewise. */
  bandwidth: z.array(z.unknown()).max(64).optional(),
  /** Buckets of traffic that have changed since the last report that was taken, likewise. */
  traffic: z.array(z.unknown()).max(32).optional(),
  /** What runs on the member's host, when it has changed, and once a minute. Refused as a whole. */
  inventory: z.unknown().optional(),
  /** A sample of requests as they happened. Refused as a whole. */
  requests: z.unknown().optional(),
  /** Signed answers of addresses that this member asked. */
  proofs: z.array(signedAnswer).max(64).optional(),
  self: selfHealth.optional(),
});

/** `POST /report`: one bucket's totals so far, as a whole. */
export const reportRequest = reportEnvelope.extend({
  paths: z.array(pathTotals).max(5000),
  traces: z.array(trace).max(64).optional(),
  bandwidth: z.array(bandwidthTest).max(64).optional(),
  traffic: z.array(trafficState).max(32).optional(),
  inventory: inventory.optional(),
  requests: liveRequests.optional(),
});
export type ReportRequest = z.infer<typeof reportRequest>;

/** One record that was refused; the others were taken. */
export const refusal = z.object({
  /** The list it stands in; absent: `paths`. */
  of: z.enum(['traces', 'bandwidth', 'traffic', 'inventory', 'requests']).optional(),
  /** Its index there; 0 for what is no list. */
  index: z.number().int(),
  field: z.string().optional(),
  reason: z.string(),
});
export type Refusal = z.infer<typeof refusal>;

export const reportAnswer = z.object({
  status: z.literal('ok'),
  plan: planVersion,
  /** What the registry asks this member to do. */
  tasks: z.array(task).optional(),
  /** Present when records were refused. */
  refused: z.array(refusal).optional(),
});
export type ReportAnswer = z.infer<typeof reportAnswer>;
