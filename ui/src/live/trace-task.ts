import type { KeptTrace, traceAccepted, traceTaskAnswer } from '@netring/contract/trace';
import type { z } from 'zod';

export type { KeptTrace };
/** The task under way. */
export type TraceAccepted = z.infer<typeof traceAccepted>;
/** How the task stands; its trace once it is there. */
export type TraceTaskAnswer = z.infer<typeof traceTaskAnswer>;
