import { z } from 'zod';

/** `GET /health` of the registry: the process lives. The store's state is `GET /ready`'s to tell. */
export const registryHealth = z.object({
  status: z.literal('healthy'),
  version: z.string(),
  component: z.literal('registry'),
  /** Epoch seconds, with fraction. */
  timestamp: z.number(),
});
export type RegistryHealth = z.infer<typeof registryHealth>;

/** `GET /ready` of the registry: 200 with no reasons, or 503 with what is missing. */
export const readiness = z.object({ ready: z.boolean(), reasons: z.array(z.string()) });
export type Readiness = z.infer<typeof readiness>;

/** `GET /health` of a member: 200 when healthy, 503 with reasons when not. */
export const memberHealth = z.object({
  status: z.enum(['healthy', 'unhealthy']),
  instance_id: z.string(),
  location: z.string(),
  /** The *other* members known. */
  members_count: z.number().int(),
  /** Epoch seconds, with fraction. */
  timestamp: z.number(),
  version: z.string(),
  component: z.literal('member'),
  /** Why it is unhealthy, and remarks that do not make it so, such as a registry that is away. */
  reasons: z.array(z.string()),
});
export type MemberHealth = z.infer<typeof memberHealth>;
