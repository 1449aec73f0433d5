import { z } from 'zod';

/** `GET /api/names?address=…&address=…`: the names of routers on known routes; those that have none are absent. */
export const namesAnswer = z.object({ names: z.record(z.string(), z.string()) });
export type NamesAnswer = z.infer<typeof namesAnswer>;
