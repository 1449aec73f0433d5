import { z } from 'zod';
import { baseline } from './baseline.ts';
import { pathStates } from './path.ts';
import { checkKinds } from './result.ts';

/** What one kind of probe found in one step of time. What was not measured is absent, not zero. */
export const historyCheck = z.object({
  kind: z.enum(checkKinds),
  sent: z.number().int(),
  lost: z.number().int(),
  p50_ms: z.number().optional(),
  p95_ms: z.number().optional(),
  p99_ms: z.number().optional(),
  jitter_ms: z.number().optional(),
});

/** One step of a path's history. */
export const historyPoint = z.object({
  /** Where the step begins, epoch milliseconds. */
  at_ms: z.number(),
  /** Where it is longer than the answer's: an hour whose resolution was lowered to keep history within its bound. */
  step_ms: z.number().optional(),
  /** The worst state of the step. */
  state: z.enum(pathStates),
  checks: z.array(historyCheck),
  /** The newest valid rates that held in this step, megabits a second: of a test made in it or before. */
  forward_mbps: z.number().optional(),
  return_mbps: z.number().optional(),
  /** Of the newest trace, made in this step or before. */
  worst_step_ms: z.number().optional(),
  worst_step_ip: z.string().optional(),
  path_id: z.string().optional(),
});
export type HistoryPoint = z.infer<typeof historyPoint>;

/** `GET /api/history?source=&target=&from_ms=&to_ms=&step_ms=`, of two instance ids or two locations. Steps without any measurement are left out. */
export const historyAnswer = z.object({
  now_ms: z.number(),
  source: z.string(),
  target: z.string(),
  step_ms: z.number(),
  points: z.array(historyPoint),
  baselines: z.array(baseline),
});
export type HistoryAnswer = z.infer<typeof historyAnswer>;
