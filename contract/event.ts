import { z } from 'zod';
import { alertsAnswer } from './alert.ts';
import { graphChanged, requestsSeen } from './graph.ts';
import { memberView } from './member.ts';
import { coverage, overviewAnswer, storeState } from './overview.ts';
import { locationPath } from './path.ts';
import { keptTrace, routeChange } from './trace.ts';

/** Members that changed, whole, and ids of members no longer kept. */
export const membersChanged = z.object({
  now_ms: z.number(),
  members: z.array(memberView),
  removed: z.array(z.string()),
});

/** Location paths that changed, whole, and pairs that no longer exist. */
export const pathsChanged = z.object({
  now_ms: z.number(),
  location_paths: z.array(locationPath),
  /** Without `target_kind`, whatever bears that name: an external target may be called like a location. */
  removed: z.array(
    z.object({
      source: z.string(),
      target: z.string(),
      target_kind: z.enum(['member', 'external']).optional(),
    }),
  ),
  coverage,
});

/** The registry's store went away or came back. */
export const storeChanged = z.object({ now_ms: z.number(), store: storeState });

/** Alerts, incidents or silences changed: all of them, since they are few. */
export const alertsChanged = alertsAnswer;

/** A trace came in; with the change of route that it shows, if it does. */
export const traced = z.object({ now_ms: z.number(), trace: keptTrace, change: routeChange.optional() });

/** Sent every five seconds, so that silence means that the stream is lost. */
export const tick = z.object({ now_ms: z.number() });

/** `GET /events`: the events by name, each with its data as JSON. The first is a `snapshot` unless `Last-Event-ID` could be resumed. */
export const events = {
  snapshot: overviewAnswer,
  members: membersChanged,
  paths: pathsChanged,
  store: storeChanged,
  alerts: alertsChanged,
  trace: traced,
  graph: graphChanged,
  requests: requestsSeen,
  tick,
} as const;
export type EventName = keyof typeof events;
export type EventData<N extends EventName> = z.infer<(typeof events)[N]>;
