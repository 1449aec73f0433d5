import { z } from 'zod';
import { signedAnswer } from './proof.ts';

/** Which member list is current, and where the rotating part of the plan stands. */
export const planVersion = z.object({
  /** Changes when a member joins, leaves, moves or is proved, and every now and then with the heaviest traffic. */
  version: z.string(),
  /** Counts up with time; see `plan.ts`. */
  epoch: z.number().int(),
});
export type PlanVersion = z.infer<typeof planVersion>;

/** Pairs of locations that are told of: beyond these nothing is heavy. */
export const mostHeaviest = 100;

/** One member as the plan sees it. */
export const planMember = z.object({
  instance_id: z.string(),
  location: z.string(),
  ip: z.string(),
  port: z.number().int(),
  /** What it speaks on that port; absent: `http`. */
  scheme: z.enum(['http', 'https']).optional(),
  /** Kinds of probes that it says it answers; see `registerRequest`. */
  answers: z.array(z.string()).optional(),
  /** The signed answer that proves its address, when somebody has one. */
  proof: signedAnswer.optional(),
});
export type PlanMember = z.infer<typeof planMember>;

/** `GET /members?view=plan`: every member that has not said goodbye, whatever its status. `304` when `version` is the one asked with. */
export const planAnswer = planVersion.extend({
  members: z.array(planMember),
  /**
   * Ordered pairs of locations, those with the heaviest observed traffic first: what is probed first. Rounded, so that it
   * seldom changes; absent where nothing was seen to cross locations.
   */
  heaviest: z
    .array(z.object({ source: z.string(), target: z.string() }))
    .max(mostHeaviest)
    .optional(),
});
export type PlanAnswer = z.infer<typeof planAnswer>;
