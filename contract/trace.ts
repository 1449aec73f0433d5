import { z } from 'zod';
import { outcomes } from './result.ts';
import { ipAddress, shortText } from './text.ts';

const durationMs = z.number().min(0).max(3_600_000);
const probes = z.number().int().min(0).max(1000);

/** One router, or the target, that answered at a distance. Several at one distance are equal-cost paths, or a route that moved. */
export const hopAnswer = z.object({
  ip: ipAddress,
  received: probes,
  min_ms: durationMs,
  median_ms: durationMs,
  max_ms: durationMs,
});
export type HopAnswer = z.infer<typeof hopAnswer>;

/** What was found at one distance. A silent hop has no answers, and is no loss: routers may not answer, or limit how often. */
export const hop = z.object({
  ttl: z.number().int().min(1).max(64),
  sent: probes,
  answers: z.array(hopAnswer).max(16),
  /**
   * Latency that this step adds, as far as it persists to the target: the lower envelope from the target backwards.
   * Absent where the target did not answer, and for hops that are silent or answer later than what lies behind them:
   * then the next one that has it carries what these steps add together.
   */
  added_ms: durationMs.optional(),
});
export type Hop = z.infer<typeof hop>;

/** The step that adds most, of those whose addition persists to the target. */
export const worstStep = z.object({
  ttl: z.number().int().min(1).max(64),
  /** The router at the far side of the step. */
  ip: ipAddress,
  /** What this one step is known to add: where hops before it are silent, its share of what they add together. */
  added_ms: durationMs,
});
export type WorstStep = z.infer<typeof worstStep>;

export const traceCauses = ['schedule', 'trouble', 'asked'] as const;

/** One trace, as the member that made it reports it. Times are its monotonic clock. */
export const trace = z.object({
  /** Chosen by the member, so that a report that is repeated adds nothing. */
  id: shortText(64),
  /** Instance id of the member traced, or the id of an external target. */
  target: shortText(200),
  cause: z.enum(traceCauses),
  /** The task that asked for it. */
  task: shortText(64).optional(),
  protocol: z.enum(['icmp', 'udp']),
  outcome: z.enum(outcomes),
  reason: z.string().max(300).optional(),
  started_ms: z.number().min(0),
  ended_ms: z.number().min(0),
  /** Whether the target itself answered. */
  reached: z.boolean(),
  /** From the first on, without gaps; up to the target, or to the last that answered. */
  hops: z.array(hop).max(64),
  /** Names the route. The registry gives traces of one route one name, also where a hop is silent now and then. Absent unless the target answered. */
  path_id: shortText(64).optional(),
  worst_step: worstStep.optional(),
});
export type Trace = z.infer<typeof trace>;

/** A trace as the registry tells of it: `at_ms` is when it was complete, epoch milliseconds. */
export const keptTrace = trace
  .omit({ started_ms: true, ended_ms: true })
  .extend({ source: z.string(), at_ms: z.number(), duration_ms: z.number() });
export type KeptTrace = z.infer<typeof keptTrace>;

/** The routes of one direction: the newest trace, and beside it the last one that reached the target. */
export const tracesOfPath = z.object({ latest: keptTrace.optional(), last_good: keptTrace.optional() });
export type TracesOfPath = z.infer<typeof tracesOfPath>;

/** The route from one member to another is no longer what it was. */
export const routeChange = z.object({
  source: z.string(),
  source_location: z.string(),
  target: z.string(),
  target_location: z.string(),
  at_ms: z.number(),
  before: keptTrace,
  after: keptTrace,
});
export type RouteChange = z.infer<typeof routeChange>;

/** `POST /api/traces`: trace now, from one member to another (instance ids). Needs the right to operate. */
export const traceRequest = z.object({ source: shortText(200), target: shortText(200) });
/** The task under way: `GET /api/traces/{task}?wait_s=` answers the trace once it is there. `deadline_ms`: so long from now somebody waits for it. */
export const traceAccepted = z.object({ task: z.string(), deadline_ms: z.number() });
/** `GET /api/traces/{task}`; `trace` is absent while it is under way. */
export const traceTaskAnswer = z.object({
  task: z.string(),
  state: z.enum(['waiting', 'done', 'expired']),
  trace: keptTrace.optional(),
});
