import { z } from 'zod';

const dayMs = 86_400_000;
const interval = z.number().min(0).max(dayMs);
const inMs = z.number().int().min(0).max(dayMs);

/** So many of the next checks are told, the soonest first; of those that come close together only the first. */
export const mostNextChecks = 16;

/**
 * When a member next does what, by its own plan: milliseconds from the moment that it says so. What is absent it does
 * not do, or does not know yet.
 */
export const ownSchedule = z.object({
  checks: z.object({
    /** Of one target. */
    interval_ms: interval,
    /** How many are checked in one interval: targets, each by each kind of probe. */
    count: z.number().int().min(0).max(100_000),
    next_in_ms: z.array(inMs).max(mostNextChecks),
  }),
  traceroute: z.object({ interval_ms: interval, next_in_ms: inMs.optional() }).optional(),
  /** When it next asks for a lease: whether it then tests, and whom, the registry decides. */
  bandwidth: z.object({ interval_ms: interval, next_in_ms: inMs.optional() }).optional(),
});
export type OwnSchedule = z.infer<typeof ownSchedule>;
