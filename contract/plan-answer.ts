import { z } from 'zod';
import { signedAnswer } from './proof.ts';

/** Which member list is current, and where the rotating part of the plan stands. */
export const planVersion = z.object({
  /** Changes when a member joins, leaves, moves or is proved. */
  version: z.string(),
  /** Counts up with time; see `plan.ts`. */
  epoch: z.number().int(),
});
export type PlanVersion = z.infer<typeof planVersion>;

/** One member as the plan sees it. */
export const planMember = z.object({
  instance_id: z.string(),
  location: z.string(),
  ip: z.string(),
  port: z.number().int(),
  /** Kinds of probes that it says it answers; see `registerRequest`. */
  answers: z.array(z.string()).optional(),
  /** The signed answer that proves its address, when somebody has one. */
  proof: signedAnswer.optional(),
});
export type PlanMember = z.infer<typeof planMember>;

/** `GET /members?view=plan`: every member that has not said goodbye, whatever its status. `304` when `version` is the one asked with. */
export const planAnswer = planVersion.extend({ members: z.array(planMember) });
export type PlanAnswer = z.infer<typeof planAnswer>;
