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
