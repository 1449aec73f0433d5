import { z } from 'zod';
import { blames, graphDependency, graphService, healths, position, seenSpan } from './graph.ts';
import { pathStates } from './path.ts';

const served = { now_ms: z.number(), from_ms: z.number(), to_ms: z.number() };

/** `GET /topology/services/{id}?direction=`: what a service depends on, who depends on it, and how much. */
export const serviceAnswer = z.object({
  ...served,
  service: graphService,
  /** As seen from the service, the busiest first. */
  dependencies: z.array(graphDependency),
  /** Of these dependencies, by direction: what moves when the service moves. */
  total: z.object({
    inbound: z.object({ requests: z.number(), requests_per_second: z.number(), errors: z.number() }),
    outbound: z.object({ requests: z.number(), requests_per_second: z.number(), errors: z.number() }),
  }),
  /** Services that reach it by calling, over others too. */
  transitive_dependents: z.number().int(),
  /** Whether the graph falls apart without it. */
  articulation_point: z.boolean(),
});
export type ServiceAnswer = z.infer<typeof serviceAnswer>;

/** `GET /topology/critical`: services by their dependencies in either direction, the greatest first. */
export const criticalAnswer = z.object({
  ...served,
  critical: z.array(z.tuple([z.string(), z.number().int()])),
  /** What each means to the others, most transitive dependents first. */
  roles: z.array(
    z.object({
      service_id: z.string(),
      degree: z.number().int(),
      fan_in: z.number().int(),
      fan_out: z.number().int(),
      transitive_dependents: z.number().int(),
      articulation_point: z.boolean(),
    }),
  ),
  single_points_of_failure: z.array(z.string()),
  entry_points: z.array(z.string()),
  leaves: z.array(z.string()),
  cycles: z.array(z.array(z.string())),
});

/** `GET /topology/slow?latency_ms=`: dependencies whose mean latency is at least that, the slowest first. */
export const slowAnswer = z.object({
  ...served,
  latency_ms: z.number(),
  dependencies: z.array(graphDependency),
});

/** `GET /topology/patterns`. */
export const patternsAnswer = z.object({
  ...served,
  total_observations: z.number(),
  /** Absent where nobody counted any. */
  total_bytes: z.number().optional(),
  avg_latency_ms: z.number(),
  /** 0–1. */
  error_rate: z.number(),
  protocol_distribution: z.record(z.string(), z.number()),
  service_count: z.number().int(),
  dependency_count: z.number().int(),
});

const key = z.object({
  id: z.string(),
  source_service: z.string(),
  target_service: z.string(),
  protocol: z.string(),
});
const changed = { from: z.string(), to: z.string() };

/** One way in which a dependency does otherwise than before: worse, or better. */
export const dependencyChange = z.discriminatedUnion('of', [
  z.object({ of: z.literal('health'), from: z.enum(healths), to: z.enum(healths) }),
  /** `reason`: the first sentence of the verdict in trouble. */
  z.object({
    of: z.literal('blame'),
    from: z.enum(blames),
    to: z.enum(blames),
    reason: z.string().optional(),
  }),
  z.object({ of: z.literal('path'), from: z.enum(pathStates), to: z.enum(pathStates) }),
  /** p95, where both sides have it: by a quarter and 2 ms at least. */
  z.object({ of: z.literal('latency'), from_ms: z.number(), to_ms: z.number() }),
  /** Share of requests that failed (5xx or unanswered), 0–1: by a hundredth, and three requests, at least. */
  z.object({ of: z.literal('errors'), from_share: z.number(), to_share: z.number() }),
]);
export type DependencyChange = z.infer<typeof dependencyChange>;

const changedDependency = key.extend({ changes: z.array(dependencyChange).min(1) });

/**
 * `GET /topology/diff?from=&to=&window=`: what the window before `to` has and the one before `from` has not, the other way
 * round, and what does worse or better in the later one. A window is a minute unless told otherwise.
 */
export const diffAnswer = z.object({
  now_ms: z.number(),
  from_ms: z.number(),
  to_ms: z.number(),
  window_ms: z.number(),
  /** What was really looked at: a stretch that lies in a window in part counts whole. Absent: nothing is kept of it. */
  before: seenSpan.optional(),
  after: seenSpan.optional(),
  services: z.object({
    gained: z.array(z.string()),
    lost: z.array(z.string()),
    reclassified: z.array(z.object({ service_id: z.string(), ...changed })),
    changed_health: z.array(z.object({ service_id: z.string(), ...changed })),
    worse: z.array(z.object({ service_id: z.string(), from: z.enum(healths), to: z.enum(healths) })),
    better: z.array(z.object({ service_id: z.string(), from: z.enum(healths), to: z.enum(healths) })),
  }),
  dependencies: z.object({
    gained: z.array(key),
    lost: z.array(key),
    changed_health: z.array(key.extend(changed)),
    worse: z.array(changedDependency),
    better: z.array(changedDependency),
  }),
});
export type DiffAnswer = z.infer<typeof diffAnswer>;

const count = z.number().int();

/** What went on in a stretch of time: enough for a slider to show where trouble was. */
export const stretchSummary = z.object({
  start_ms: z.number(),
  duration_ms: z.number(),
  requests: z.number(),
  /** 5xx and unanswered. */
  errors: z.number(),
  services: count,
  dependencies: count,
  /** Dependencies by health. */
  health: z.object({ healthy: count, slow: count, failing: count, unknown: count }),
  /** Dependencies by the worst verdict and the worst path state of the stretch; absent where nobody kept them. */
  blame: z
    .object({ network: count, application: count, both: count, none: count, unknown: count })
    .optional(),
  path: z.object({ ok: count, degraded: count, down: count, unknown: count }).optional(),
});
export type StretchSummary = z.infer<typeof stretchSummary>;

/** `GET /topology/windows`: which times of the service graph are kept, how finely, and what went on in them. */
export const windowsAnswer = z.object({
  now_ms: z.number(),
  /** The finest first. `from_ms` and `to_ms`: what is there by now; absent: nothing yet. */
  resolutions: z.array(
    z.object({
      resolution_ms: z.number(),
      kept_ms: z.number(),
      from_ms: z.number().optional(),
      to_ms: z.number().optional(),
    }),
  ),
  /** Oldest first, each moment once, at the finest resolution kept of it. Times without any traffic are missing. */
  stretches: z.array(stretchSummary),
});
export type WindowsAnswer = z.infer<typeof windowsAnswer>;

/** `PUT /topology/positions`: where services stand; `null` takes a place back. */
export const positionsRequest = z.object({
  positions: z
    .record(z.string().min(1).max(600), position.nullable())
    .refine((all) => Object.keys(all).length <= 1000, 'must have at most 1000 services'),
});
export const positionsAnswer = z.object({
  status: z.literal('ok'),
  positions: z.record(z.string(), position),
});

/** `POST /topology/tidy`: lays out everything anew, for everybody. What people pinned stays, unless it is to be released. */
export const tidyRequest = z.object({ release_pinned: z.boolean().optional() });

/** A service or dependency that came into the graph, or was not seen for a quarter of an hour. */
export const graphEvent = z.object({
  at_ms: z.number(),
  kind: z.enum(['service', 'dependency']),
  change: z.enum(['new', 'lost']),
  id: z.string(),
  /** Of a dependency. */
  source_service: z.string().optional(),
  target_service: z.string().optional(),
  protocol: z.string().optional(),
});
export type GraphEvent = z.infer<typeof graphEvent>;

/** `GET /topology/events`: the newest 500, newest first. */
export const graphEventsAnswer = z.object({ now_ms: z.number(), events: z.array(graphEvent) });

/** `GET /network_info`: networks with the services in them. */
export const networkInfoAnswer = z.record(
  z.string(),
  z.object({ services: z.array(z.object({ name: z.string(), ip: z.string() })) }),
);
export type NetworkInfoAnswer = z.infer<typeof networkInfoAnswer>;
