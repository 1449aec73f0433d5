import { z } from 'zod';

export const taskKinds = ['traceroute', 'bandwidth'] as const;

/** What the registry asks a member to do; comes with answers to reports and heartbeats, so that it works through NAT. */
export const task = z.object({
  id: z.string(),
  kind: z.enum(taskKinds),
  /** Instance id, or id of an external target; one that the member probes already. */
  target: z.string(),
  /** After so many milliseconds from now nobody waits for it any more. */
  deadline_ms: z.number(),
});
export type Task = z.infer<typeof task>;
