import { z } from 'zod';

/** Requests of the last minute that crossed locations, and those over a path measured in the last minute. */
export const trafficCoverage = z.object({
  requests: z.number(),
  measured_requests: z.number(),
  /** 0–1; absent while nothing crosses. */
  measured_share: z.number().optional(),
  /** Ordered pairs of locations, the heaviest first, at most 100. */
  pairs: z.array(
    z.object({
      source: z.string(),
      target: z.string(),
      requests: z.number(),
      bytes: z.number(),
      measured_requests: z.number(),
    }),
  ),
});
export type TrafficCoverage = z.infer<typeof trafficCoverage>;

/** `GET /api/coverage`: how well the plan covers the ring. */
export const coverageAnswer = z.object({
  now_ms: z.number(),
  members: z.number().int(),
  /** Ordered member pairs there are, those the fixed part of the plan probes, and those with a fresh result. */
  pairs: z.object({ all: z.number().int(), planned: z.number().int(), measured: z.number().int() }),
  /** The fewest members that probe any one member, by the plan's fixed part. */
  least_in_degree: z.number().int(),
  /** Ordered pairs of locations with several members that no fresh result covers, at most 100 named. */
  unmeasured_location_pairs: z.array(z.object({ source: z.string(), target: z.string() })),
  /** Age of the newest result of each planned pair: the oldest ones first, at most 100; absent age: never measured. */
  oldest: z.array(z.object({ source: z.string(), target: z.string(), age_ms: z.number().optional() })),
  traffic: trafficCoverage,
});
export type CoverageAnswer = z.infer<typeof coverageAnswer>;
