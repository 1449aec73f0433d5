import { z } from 'zod';

export const receiverKinds = ['webhook', 'slack', 'alertmanager'] as const;
export type ReceiverKind = (typeof receiverKinds)[number];

/** Who is told, and how that goes. */
export const receiverView = z.object({
  /** Kind, host, and the beginning of a hash of the URL. */
  receiver: z.string(),
  kind: z.enum(receiverKinds),
  /** Without what may be secret in it. */
  address: z.string(),
  /** Notifications that are due and did not arrive yet. */
  pending: z.number().int(),
  last_success_ms: z.number().optional(),
  last_failure_ms: z.number().optional(),
  /** Tries that failed since the last one that did not. */
  failures: z.number().int(),
  /** Why the last try failed; absent when it did not. */
  error: z.string().optional(),
});
export type ReceiverView = z.infer<typeof receiverView>;

/** How one receiver took a test. */
export const testOutcome = z.object({
  receiver: z.string(),
  kind: z.enum(receiverKinds),
  address: z.string(),
  outcome: z.enum(['delivered', 'failed']),
  error: z.string().optional(),
  took_ms: z.number(),
});
export type TestOutcome = z.infer<typeof testOutcome>;

/** The answer to `POST /api/alerts/test`. */
export const testAnswer = z.object({ receivers: z.array(testOutcome) });
export type TestAnswer = z.infer<typeof testAnswer>;
