import { z } from 'zod';
import { nameRules, sourceHealth, startModes } from './inventory.ts';
import { pathStates } from './path.ts';
import { worstStep } from './trace.ts';

/** The verdict on a slow or failing dependency. */
export const blames = ['network', 'application', 'both', 'none', 'unknown'] as const;
export type Blame = (typeof blames)[number];

/** Seen within two windows; silent for a while; gone, but its place is held. */
export const activities = ['active', 'quiet', 'gone'] as const;

export const healths = ['healthy', 'slow', 'failing', 'unknown'] as const;
export type GraphHealth = (typeof healths)[number];

/** Which time a picture of a window is really of, and how finely that is kept. */
export const seenSpan = z.object({ from_ms: z.number(), to_ms: z.number(), resolution_ms: z.number() });
export type SeenSpan = z.infer<typeof seenSpan>;

/** One process of a service on one machine. */
export const serviceInstance = z.object({
  /** The member on whose host it runs; absent where no member is. */
  member: z.string().optional(),
  host: z.string(),
  address: z.string(),
  ports: z.array(z.number().int()),
  pid: z.number().int().optional(),
  process: z.string().optional(),
  start_mode: z.enum(startModes).optional(),
  container_id: z.string().optional(),
});
export type ServiceInstance = z.infer<typeof serviceInstance>;

/** A service of the graph. Names as people's scripts know them; times are ISO 8601 in UTC. */
export const graphService = z.object({
  service_id: z.string(),
  service_name: z.string(),
  service_type: z.string(),
  type_rule: z.string(),
  endpoints: z.array(z.object({ host: z.string(), port: z.number(), protocol: z.string() })),
  more_endpoints: z.number().int(),
  /** Where it runs; absent for what is outside every location. */
  location: z.string().optional(),
  /**
   * `service`: found by discovery. `external`: an address or name that no member claims. `unresolved`: several claims fit,
   * listed in `candidates`, and none is guessed.
   */
  kind: z.enum(['service', 'external', 'unresolved']),
  candidates: z.array(z.string()).optional(),
  named_by: z.enum(nameRules).optional(),
  instances: z.array(serviceInstance),
  inside: z.boolean(),
  health: z.enum(healths),
  activity: z.enum(activities),
  fan_in: z.number().int(),
  fan_out: z.number().int(),
  tags: z.record(z.string(), z.string()),
  metadata: z.record(z.string(), z.unknown()),
  first_seen: z.string(),
  last_seen: z.string(),
});
export type GraphService = z.infer<typeof graphService>;

/** The measured network under a dependency. */
export const pathUnder = z.object({
  /** `member`: between the very machines; `location`: between their locations; `local`: one machine; `none`: not measured. */
  kind: z.enum(['member', 'location', 'local', 'none']),
  source: z.string().optional(),
  target: z.string().optional(),
  state: z.enum(pathStates),
  since_ms: z.number().optional(),
  rtt_ms: z.number().optional(),
  /** 0–1, of the last minute. */
  loss: z.number().optional(),
  forward_mbps: z.number().optional(),
  /** When the test of that rate ended, epoch milliseconds; where the way back has one, too, that of the older. */
  bandwidth_at_ms: z.number().optional(),
  worst_step: worstStep.optional(),
  /** When that step was traced, epoch milliseconds. */
  traced_at_ms: z.number().optional(),
  /** When the newest check was complete, epoch milliseconds. */
  at_ms: z.number().optional(),
  /** Of a past window: for how much of it the path was in this state, the worst of the window. */
  held_ms: z.number().optional(),
  reasons: z.array(z.string()),
});
export type PathUnder = z.infer<typeof pathUnder>;

/** Where the time of a request goes, milliseconds: the three sum to the total. */
export const shares = z.object({
  total_ms: z.number(),
  network_ms: z.number(),
  application_ms: z.number(),
  proxy_ms: z.number(),
});
export type Shares = z.infer<typeof shares>;

export const blameView = z.object({
  verdict: z.enum(blames),
  since_ms: z.number().optional(),
  /** Sentences with numbers; the first is the one to show. For `unknown`: what is missing. */
  reasons: z.array(z.string()),
  shares: shares.optional(),
  /** What is usual here, of undisturbed windows; absent until there are enough. */
  usual: shares.optional(),
  /** Of a past window: for how much of it this was the verdict, the worst of the window. */
  held_ms: z.number().optional(),
});
export type BlameView = z.infer<typeof blameView>;

/** Caller → callee, over a window. */
export const graphDependency = z.object({
  /** A full-width hash of source, target and protocol. */
  id: z.string(),
  source_service: z.string(),
  target_service: z.string(),
  protocol: z.string(),
  direction: z.enum(['inbound', 'outbound', 'bidirectional']),
  request_count: z.number(),
  requests_per_second: z.number(),
  /** Absent where nobody counted any, as in most access logs. */
  total_bytes: z.number().optional(),
  bytes_sent: z.number().optional(),
  bytes_received: z.number().optional(),
  error_count: z.number(),
  client_errors: z.number(),
  server_errors: z.number(),
  client_gone: z.number(),
  transport_failures: z.number(),
  avg_latency_ms: z.number().optional(),
  p50_latency_ms: z.number().optional(),
  p95_latency_ms: z.number().optional(),
  p99_latency_ms: z.number().optional(),
  max_latency_ms: z.number().optional(),
  /** Of the connections, as the kernel saw them. */
  connections: z.number().optional(),
  rtt_floor_ms: z.number().optional(),
  /** 0–1 of the bytes sent. */
  retransmitted: z.number().optional(),
  health: z.enum(healths),
  /**
   * Until when requests failed or took too long, epoch milliseconds, where enough have done well since: `health` is that of
   * those, while the counts are of the whole window.
   */
  trouble_over_ms: z.number().optional(),
  activity: z.enum(activities),
  evidence: z.array(z.string()),
  counted_by: z.string(),
  /** Members that saw it, and how. */
  seen_by: z.array(z.object({ member: z.string(), evidence: z.array(z.string()) })),
  /** Names of machines between which it was seen, where one observation knew both; up to 64 pairs. */
  between: z.array(z.object({ source: z.string(), target: z.string() })).optional(),
  first_seen: z.string(),
  last_seen: z.string(),
  path: pathUnder,
  blame: blameView,
});
export type GraphDependency = z.infer<typeof graphDependency>;

/**
 * Where a service stands on everybody's screen: column and row in the grid of its location's area, from 0. Under
 * `area:<location>`, where a whole area was moved to, in pixels of the map.
 */
export const position = z.object({ x: z.number(), y: z.number(), pinned: z.boolean().optional() });
export type Position = z.infer<typeof position>;

/** `GET /topology?window=`, and the `graph_snapshot` of the stream. */
export const graphAnswer = z.object({
  now_ms: z.number(),
  timestamp: z.string(),
  services: z.record(z.string(), graphService),
  dependencies: z.array(graphDependency),
  metadata: z.object({
    total_observations: z.number(),
    service_count: z.number().int(),
    dependency_count: z.number().int(),
    from_ms: z.number(),
    to_ms: z.number(),
    /** Observations that filters keep out, by filter; shown with `?include=`. */
    hidden: z.record(z.string(), z.number()),
    /** Services and dependencies beyond the bound. */
    more_services: z.number(),
    more_dependencies: z.number(),
    unresolved: z.number().int(),
    /** What the numbers are of: a stretch that lies in the window in part counts whole. Absent: the window itself, or nothing. */
    seen: seenSpan.optional(),
  }),
  /** Of those services that have been laid out. */
  positions: z.record(z.string(), position),
  /** What each member's sources can and cannot see. */
  sources: z.array(sourceHealth.extend({ member: z.string() })),
});
export type GraphAnswer = z.infer<typeof graphAnswer>;

/** What changed in the live graph: services and dependencies whole, and ids of what is gone. */
export const graphChanged = z.object({
  now_ms: z.number(),
  services: z.array(graphService),
  dependencies: z.array(graphDependency),
  removed_services: z.array(z.string()),
  removed_dependencies: z.array(z.string()),
  positions: z.record(z.string(), position).optional(),
  metadata: graphAnswer.shape.metadata,
});
export type GraphChanged = z.infer<typeof graphChanged>;

/** One request as it happened; `GET /access_logs` streams them. */
export const accessLogItem = z.object({
  network: z.string(),
  /** Names of services, or addresses. */
  from: z.string(),
  to: z.string(),
  /** Ids of the services in the graph, and of the dependency, where they are known. */
  source_service: z.string(),
  target_service: z.string(),
  dependency: z.string().optional(),
  method: z.string().optional(),
  path: z.string().optional(),
  status: z.number().int().optional(),
  duration_ms: z.number().optional(),
  at_ms: z.number(),
  ingress: z.boolean(),
});
export type AccessLogItem = z.infer<typeof accessLogItem>;

/** A sample of requests, and how many there were: "showing 12 of 3,400". */
export const requestsSeen = z.object({ now_ms: z.number(), seen: z.number(), items: z.array(accessLogItem) });
export type RequestsSeen = z.infer<typeof requestsSeen>;
