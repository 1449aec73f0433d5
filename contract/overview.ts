import { z } from 'zod';
import { incident } from './alert.ts';
import { memberView } from './member.ts';
import { locationPath } from './path.ts';

/** Whether the registry's store answers. While it is away the picture stands still, and says since when. */
export const storeState = z.object({
  state: z.enum(['ok', 'away']),
  since_ms: z.number(),
  reason: z.string().optional(),
});
export type StoreState = z.infer<typeof storeState>;

/** How much of what should be measured is measured: what a green picture stands on. */
export const coverage = z.object({
  /** Member paths that the plan asks for. */
  planned: z.number().int(),
  /** Of these, with a fresh result. */
  measured: z.number().int(),
  /** Age of the oldest result among the measured ones. */
  oldest_age_ms: z.number().optional(),
});
export type Coverage = z.infer<typeof coverage>;

/** `GET /api/overview`, and the `snapshot` event: everything the dashboard's first page needs. */
export const overviewAnswer = z.object({
  now_ms: z.number(),
  version: z.string(),
  store: storeState,
  /** The last change that this picture holds; two replicas at one id answer alike. */
  log_id: z.string(),
  members: z.array(memberView),
  location_paths: z.array(locationPath),
  /** Those that are open. */
  incidents: z.array(incident),
  coverage,
});
export type OverviewAnswer = z.infer<typeof overviewAnswer>;
