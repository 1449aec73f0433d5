import { z } from 'zod';
import { incidentCrossing } from './crossing.ts';
import { blames } from './graph.ts';
import { receiverView } from './receiver.ts';
import { shortText } from './text.ts';

/**
 * The built-in conditions; see the settings of the registry for their thresholds. `registry_deaf`: so many members fell
 * silent together that it is the registry which does not hear.
 */
export const ruleNames = [
  'connectivity_down',
  'member_down',
  'control_path_lost',
  'registry_deaf',
  'loss',
  'latency_above_baseline',
  'low_bandwidth',
  'high_hop_latency',
  'route_changed',
  'dependency_slow',
  'dependency_failing',
  'service_new',
  'service_lost',
  'dependency_new',
  'dependency_lost',
] as const;
export type RuleName = (typeof ruleNames)[number];

/** Whether a rule is meant by a name, or by its beginning and `*`. */
export function namesRule(pattern: string): boolean {
  if (!pattern.endsWith('*')) return (ruleNames as readonly string[]).includes(pattern);
  return ruleNames.some((name) => name.startsWith(pattern.slice(0, -1)));
}

export const severities = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];
export const alertStates = ['pending', 'firing', 'resolved'] as const;

/**
 * What an alert is about. A location path has source and target, a member its id and location, a dependency its services
 * with their locations, and the members whose path lies under it.
 */
export const alertSubject = z.object({
  source_location: z.string().optional(),
  target_location: z.string().optional(),
  source: z.string().optional(),
  target: z.string().optional(),
  location: z.string().optional(),
  instance_id: z.string().optional(),
  /** Address of the hop it is about. */
  hop_ip: z.string().optional(),
  /** The target is an external one: `target_location` is its name. */
  external: z.boolean().optional(),
  /** Id of a service. */
  service: z.string().optional(),
  /** Ids of the dependency and of its two services, and what is spoken. */
  dependency: z.string().optional(),
  source_service: z.string().optional(),
  target_service: z.string().optional(),
  protocol: z.string().optional(),
});
export type AlertSubject = z.infer<typeof alertSubject>;

/** One condition on one path, member, service or dependency. Times are epoch milliseconds. */
export const alert = z.object({
  /** The same for the same rule and subject, again and again. */
  id: z.string(),
  rule: z.enum(ruleNames),
  severity: z.enum(severities),
  state: z.enum(alertStates),
  subject: alertSubject,
  /** A sentence a human would say, with its numbers. */
  summary: z.string(),
  value: z.number().optional(),
  threshold: z.number().optional(),
  /** Of a dependency: whom its trouble is blamed on. */
  blame: z.enum(blames).optional(),
  pending_since_ms: z.number(),
  firing_since_ms: z.number().optional(),
  resolved_at_ms: z.number().optional(),
  /** The incident it belongs to. */
  incident: z.string().optional(),
  /** Ids of silences that cover it now. */
  silenced_by: z.array(z.string()),
});
export type Alert = z.infer<typeof alert>;

/** `service`: its dependencies are slow or fail, and not by the network. */
export const causeKinds = [
  'location',
  'member',
  'direction',
  'location_pair',
  'hop',
  'registry',
  'service',
] as const;

export type CauseKind = (typeof causeKinds)[number];

/** Alerts with one cause. */
export const incident = z.object({
  id: z.string(),
  cause: z.object({ kind: z.enum(causeKinds), subject: alertSubject }),
  severity: z.enum(severities),
  state: z.enum(['open', 'resolved']),
  /** One sentence that names the cause and what it does. */
  summary: z.string(),
  started_ms: z.number(),
  /** When it last changed in a way worth telling. */
  changed_ms: z.number(),
  resolved_at_ms: z.number().optional(),
  /** Ids of its alerts. */
  alerts: z.array(z.string()),
  /** Of a path, hop, pair, location or member: what runs over it; `crossingSentence` says it. Absent: nothing was seen there. */
  crossing: incidentCrossing.optional(),
  silenced: z.boolean(),
});
export type Incident = z.infer<typeof incident>;

/** Keeps alerts quiet that match: every field given must match, `*` at the end of a text matches any rest. */
export const matcher = z.object({
  rule: z.string().max(64).optional(),
  location: z.string().max(128).optional(),
  source_location: z.string().max(128).optional(),
  target_location: z.string().max(128).optional(),
  instance_id: z.string().max(200).optional(),
  /** Id or name of a service, at either end of a dependency. */
  service: z.string().max(300).optional(),
});
export type Matcher = z.infer<typeof matcher>;

/** What an operator entered: alerts that match are not told to anybody in this time. `maintenance` says that it was planned. */
export const silence = z.object({
  id: z.string(),
  kind: z.enum(['silence', 'maintenance']),
  matcher,
  from_ms: z.number(),
  to_ms: z.number(),
  comment: z.string(),
  /** Who entered it, as they call themselves. */
  author: z.string().optional(),
  created_ms: z.number(),
});
export type Silence = z.infer<typeof silence>;

/** A matcher as it may be entered. What is stored may name a rule of another version; a slip of the pen would keep nothing quiet. */
export const enteredMatcher = matcher
  .extend({
    rule: z
      .string()
      .max(64)
      .refine(namesRule, {
        message: `must be one of ${ruleNames.join(', ')}, or the beginning of one and *`,
      })
      .optional(),
  })
  .refine((one) => Object.values(one).some((value) => value !== undefined), {
    message: 'must name at least one thing to match',
  });

/** `POST /api/silences`. */
export const silenceRequest = z.object({
  kind: z.enum(['silence', 'maintenance']).default('silence'),
  matcher: enteredMatcher,
  /** Default: now. */
  from_ms: z.number().int().min(0).optional(),
  /** At most 90 days. */
  duration_ms: z
    .number()
    .int()
    .min(1000)
    .max(90 * 86_400_000),
  comment: shortText(300),
  author: shortText(100).optional(),
});
export type SilenceRequest = z.infer<typeof silenceRequest>;

/** `GET /api/alerts`: what pends and fires, what was resolved in the past day, and what is kept quiet. */
export const alertsAnswer = z.object({
  now_ms: z.number(),
  incidents: z.array(incident),
  alerts: z.array(alert),
  silences: z.array(silence),
  /** Who is told, and how that goes; absent when nobody is. */
  receivers: z.array(receiverView).optional(),
});
export type AlertsAnswer = z.infer<typeof alertsAnswer>;
