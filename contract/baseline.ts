import { z } from 'zod';
import { checkKinds } from './result.ts';

/** What is usual on this path: median and spread (median absolute deviation) of the past day. */
export const baseline = z.object({
  kind: z.enum(checkKinds),
  median_ms: z.number(),
  spread_ms: z.number(),
  /** Minutes it stands on. */
  minutes: z.number().int(),
});
export type Baseline = z.infer<typeof baseline>;

/** What is usual between two locations, or from a location to an external target: the middle one of its member paths, by kind. */
export const locationBaseline = z.object({
  source: z.string(),
  target: z.string(),
  target_kind: z.enum(['member', 'external']),
  kind: z.enum(checkKinds),
  median_ms: z.number(),
  spread_ms: z.number(),
});
export type LocationBaseline = z.infer<typeof locationBaseline>;

/** `GET /api/baselines`. They are worked out every ten minutes. */
export const baselinesAnswer = z.object({ now_ms: z.number(), baselines: z.array(locationBaseline) });
export type BaselinesAnswer = z.infer<typeof baselinesAnswer>;
