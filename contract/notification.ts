import { z } from 'zod';
import { alertStates, alertSubject, incident, ruleNames, severities } from './alert.ts';

/** One alert of an incident, as receivers are told of it. Times are epoch milliseconds. */
export const notifiedAlert = z.object({
  /** `NetringLowBandwidth`: the same name as in Prometheus. */
  name: z.string(),
  rule: z.enum(ruleNames),
  severity: z.enum(severities),
  state: z.enum(alertStates),
  /** A sentence with its numbers, both locations, and the hop's address where there is one. */
  summary: z.string(),
  subject: alertSubject,
  value: z.number().optional(),
  threshold: z.number().optional(),
  /** Of value and threshold: `Mbit/s`, `ms`, or a `share` from 0 to 1. */
  unit: z.enum(['Mbit/s', 'ms', 'share']).optional(),
  firing_since_ms: z.number().optional(),
  resolved_at_ms: z.number().optional(),
});
export type NotifiedAlert = z.infer<typeof notifiedAlert>;

/**
 * What a webhook gets: one incident in one state, version 1. Fields may be added within a version; none changes its
 * meaning or goes.
 */
export const notification = z.object({
  version: z.literal(1),
  /** The same when it is sent again because nobody is certain that it came: what to tell duplicates by. */
  key: z.string(),
  state: z.enum(['firing', 'resolved', 'test']),
  /** Why it is sent: `changed` is another cause or severity; `repeated` says that it goes on. */
  reason: z.enum(['opened', 'changed', 'repeated', 'resolved', 'test']),
  at_ms: z.number(),
  /** The incident in one sentence. */
  summary: z.string(),
  /** Its `id` is the same from the beginning to the end. */
  incident: incident.pick({
    id: true,
    cause: true,
    severity: true,
    started_ms: true,
    resolved_at_ms: true,
    crossing: true,
  }),
  /** Those that fire; of what is over all of them. The worst first, 50 at most. */
  alerts: z.array(notifiedAlert),
  /** Alerts beyond these. */
  more_alerts: z.number().int(),
  /** Of the dashboard; absent when nobody has said where it is. */
  url: z.string().optional(),
});
export type Notification = z.infer<typeof notification>;
