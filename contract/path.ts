import { z } from 'zod';
import { bandwidthOfPath } from './bandwidth.ts';
import { baseline } from './baseline.ts';
import { checkKinds, outcomes, udpResult } from './result.ts';
import { routeChange, tracesOfPath, worstStep } from './trace.ts';

export const pathStates = ['ok', 'degraded', 'down', 'unknown'] as const;
export type PathState = (typeof pathStates)[number];

/** What one kind of probe says of one path. Times are epoch milliseconds. */
export const pathCheck = z.object({
  kind: z.enum(checkKinds),
  endpoint: z.string().optional(),
  /** Of the newest result. */
  outcome: z.enum(outcomes),
  /** When that result was complete. */
  at_ms: z.number(),
  state: z.enum(pathStates),
  latency_ms: z.number().optional(),
  status: z.number().int().optional(),
  reason: z.string().optional(),
  jitter_ms: z.number().optional(),
  /** Of `udp`: what the flows say, of the newest result. */
  flows: udpResult.shape.flows,
  /** Of `udp`: packets that were lost within the last minute on the way there, and on the way back, as far as that is known. */
  forward_lost: z.number().int().optional(),
  return_lost: z.number().int().optional(),
  /** Totals over the last minute. */
  window: z.object({
    duration_ms: z.number(),
    checks: z.number().int(),
    failed: z.number().int(),
    voided: z.number().int(),
    sent: z.number().int(),
    lost: z.number().int(),
    p50_ms: z.number().optional(),
    p95_ms: z.number().optional(),
  }),
});
export type PathCheck = z.infer<typeof pathCheck>;

/** The newest route of a path in short; `at_ms` is when it was traced. */
export const routeSummary = z.object({
  hops: z.number().int(),
  reached: z.boolean(),
  path_id: z.string().optional(),
  worst_step: worstStep.optional(),
  /** Of a path in trouble: the step that explains most of it by what it adds beyond the last trace of the path while it was well. */
  grown_step: worstStep.optional(),
  at_ms: z.number(),
});
export type RouteSummary = z.infer<typeof routeSummary>;

/** The newest valid rates of a path in short, megabits a second. */
export const bandwidthSummary = z.object({
  forward_mbps: z.number().optional(),
  return_mbps: z.number().optional(),
  /** Of the older of the two; where there is neither, of the newest test. */
  at_ms: z.number(),
  /** Where there is no valid rate in either direction: what the newest test came to. */
  untold: z
    .object({
      /** What was reached where an end, or the budget, was the limit: the path may carry more. */
      at_least_mbps: z.number().optional(),
      reason: z.string(),
    })
    .optional(),
});
export type BandwidthSummary = z.infer<typeof bandwidthSummary>;

/** A path between two members, or from a member to an external target. */
export const memberPath = z.object({
  source: z.string(),
  source_location: z.string(),
  target: z.string(),
  /** For an external target, its name. */
  target_location: z.string(),
  target_kind: z.enum(['member', 'external']),
  state: z.enum(pathStates),
  /** When it came into this state; absent when this is not known. */
  since_ms: z.number().optional(),
  /** Why, in sentences with numbers; the first is the one to show. */
  reasons: z.array(z.string()),
  /** The path is up, but nothing answers at the far end as it should: not the network's fault. */
  answering: z.boolean(),
  /** False: the target's address has not answered the address proof, so nobody probes it. */
  proved: z.boolean(),
  /** When the newest result was complete; absent when there is none. */
  at_ms: z.number().optional(),
  checks: z.array(pathCheck),
  route: routeSummary.optional(),
  bandwidth: bandwidthSummary.optional(),
});
export type MemberPath = z.infer<typeof memberPath>;

/** What one kind of probe says of a pair of locations. */
export const locationCheck = z.object({
  kind: z.enum(checkKinds),
  state: z.enum(pathStates),
  /** Median of the last minute over all member pairs. */
  p50_ms: z.number().optional(),
  /** Where it is slower than usual: the usual median, of the slowest by it. */
  usual_ms: z.number().optional(),
  sent: z.number().int(),
  lost: z.number().int(),
  at_ms: z.number(),
});
export type LocationCheck = z.infer<typeof locationCheck>;

/** All member paths between two locations, or from a location to an external target, rolled up. */
export const locationPath = z.object({
  source: z.string(),
  target: z.string(),
  target_kind: z.enum(['member', 'external']),
  state: z.enum(pathStates),
  /** When it came into this state; absent when this is not known. */
  since_ms: z.number().optional(),
  reasons: z.array(z.string()),
  answering: z.boolean(),
  at_ms: z.number().optional(),
  /** How many member paths are in which state. */
  paths: z.object({
    ok: z.number().int(),
    degraded: z.number().int(),
    down: z.number().int(),
    unknown: z.number().int(),
    unproved: z.number().int(),
  }),
  checks: z.array(locationCheck),
  /** Of the member path whose worst step is the highest. */
  route: routeSummary.optional(),
  /** The lowest of the newest valid rates of its member paths, per direction. */
  bandwidth: bandwidthSummary.optional(),
});
export type LocationPath = z.infer<typeof locationPath>;

/** `GET /api/paths`, filtered by `source` and `target` (locations) and `state`. */
export const pathsAnswer = z.object({
  now_ms: z.number(),
  location_paths: z.array(locationPath),
  member_paths: z.array(memberPath),
});
export type PathsAnswer = z.infer<typeof pathsAnswer>;

/** `GET /api/paths/{source}/{target}`, of two instance ids. */
export const pathAnswer = z.object({
  now_ms: z.number(),
  path: memberPath,
  /** The way back, when it is measured. */
  back: memberPath.optional(),
  traces: z.object({ forward: tracesOfPath, back: tracesOfPath }),
  /** Newest first, of both directions. */
  route_changes: z.array(routeChange),
  bandwidth: bandwidthOfPath,
  baselines: z.array(baseline),
});
export type PathAnswer = z.infer<typeof pathAnswer>;
