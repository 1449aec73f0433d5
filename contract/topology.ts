import { z } from 'zod';
import { graphDependency, graphService, position } from './graph.ts';

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
  total_bytes: z.number(),
  avg_latency_ms: z.number(),
  /** 0–1. */
  error_rate: z.number(),
  protocol_distribution: z.record(z.string(), z.number()),
  service_count: z.number().int(),
  dependency_count: z.number().int(),
});

const key = z.object({ source_service: z.string(), target_service: z.string(), protocol: z.string() });
const changed = { from: z.string(), to: z.string() };

/** `GET /topology/diff?from=&to=`: what the minute before `to` has and the one before `from` has not, and the other way round. */
export const diffAnswer = z.object({
  now_ms: z.number(),
  from_ms: z.number(),
  to_ms: z.number(),
  services: z.object({
    gained: z.array(z.string()),
    lost: z.array(z.string()),
    reclassified: z.array(z.object({ service_id: z.string(), ...changed })),
    changed_health: z.array(z.object({ service_id: z.string(), ...changed })),
  }),
  dependencies: z.object({
    gained: z.array(key),
    lost: z.array(key),
    changed_health: z.array(key.extend(changed)),
  }),
});

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
