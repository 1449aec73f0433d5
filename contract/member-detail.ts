import { z } from 'zod';
import { memberView } from './member.ts';
import { pathStates } from './path.ts';

/** Several paths in a few numbers, of the last minute. What nobody measured is absent. */
export const pathFigures = z.object({
  /** How many paths are in which state. */
  states: z.object({
    ok: z.number().int(),
    degraded: z.number().int(),
    down: z.number().int(),
    unknown: z.number().int(),
    unproved: z.number().int(),
  }),
  /** Mean over the paths of their median latency: TCP's, else that of the kind that there is. */
  latency_ms: z.number().optional(),
  /** Checks of every kind, and those of them that failed. */
  checks: z.number().int(),
  failed: z.number().int(),
  /** Of the newest valid rates away from the source, megabits a second; `at_ms` is when the oldest was measured. */
  bandwidth: z
    .object({ least_mbps: z.number(), mean_mbps: z.number(), tested: z.number().int(), at_ms: z.number() })
    .optional(),
  /** Of the newest routes that reached their target; `at_ms` is when the oldest of them was traced. */
  hops: z
    .object({ least: z.number().int(), most: z.number().int(), at_ms: z.number().optional() })
    .optional(),
});
export type PathFigures = z.infer<typeof pathFigures>;

/** So many troubled paths towards a member are named; the rest is counted. */
export const mostNamed = 5;

/** `GET /api/members/{id}`: one member, what it measures, and what the others see of it. */
export const memberDetailAnswer = z.object({
  now_ms: z.number(),
  member: memberView,
  /** Paths that it measures. */
  measures: pathFigures,
  /** Paths on which others measure it. */
  seen: pathFigures,
  /** Paths to it that are not up, the worst first. */
  troubled: z.array(
    z.object({ source: z.string(), state: z.enum(pathStates), reason: z.string().optional() }),
  ),
  more_troubled: z.number().int(),
});
export type MemberDetailAnswer = z.infer<typeof memberDetailAnswer>;
