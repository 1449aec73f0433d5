import { z } from 'zod';
import { alertSubject, ruleNames } from './alert.ts';

/** The rules whose history is kept, so that another threshold can be tried on the past day. */
export const whatIfRules = ['loss', 'latency_above_baseline', 'low_bandwidth', 'high_hop_latency'] as const;
export type WhatIfRule = (typeof whatIfRules)[number];

/** An alert that would have fired. Times are epoch milliseconds; without `to_ms` it would fire still. */
export const wouldBeAlert = z.object({
  subject: alertSubject,
  from_ms: z.number(),
  to_ms: z.number().optional(),
  /** The worst that was found while it fired, in the unit of the threshold; of latency, milliseconds. */
  value: z.number().optional(),
});
export type WouldBeAlert = z.infer<typeof wouldBeAlert>;

/** `GET /api/alerts/what-if?rule=&threshold=&source=`: what the kept history would have brought about. */
export const whatIfAnswer = z.object({
  now_ms: z.number(),
  from_ms: z.number(),
  rule: z.enum(whatIfRules),
  threshold: z.number(),
  for_ms: z.number(),
  /** The oldest first, at most 500. */
  alerts: z.array(wouldBeAlert),
  count: z.number().int(),
  /** With the threshold in force; absent when the rule is switched off. */
  present: z.object({ threshold: z.number(), count: z.number().int() }).optional(),
  /** Whose history was looked at, of those who have one: at most so many, evenly from all locations. */
  members: z.object({ looked: z.number().int(), all: z.number().int() }),
  /** The longest step of that history: what is older may be kept coarser than by the minute. */
  step_ms: z.number(),
  /** Rules of which no history is kept. */
  not_kept: z.array(z.enum(ruleNames)),
});
export type WhatIfAnswer = z.infer<typeof whatIfAnswer>;
