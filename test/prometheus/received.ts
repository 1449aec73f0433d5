import { z } from 'zod';
import type { Location } from '../lab/index.ts';
import { startWebhook } from '../ring/webhook.ts';

const message = z.object({
  status: z.enum(['firing', 'resolved']),
  groupLabels: z.record(z.string(), z.string()),
  alerts: z.array(
    z.object({
      status: z.enum(['firing', 'resolved']),
      labels: z.record(z.string(), z.string()),
      annotations: z.object({ summary: z.string() }),
    }),
  ),
});
/** What Alertmanager posts to a webhook, as far as tests look at it. */
export type Message = z.infer<typeof message> & { atMs: number };
export type ReceivedAlert = Message['alerts'][number];

/** A webhook receiver inside a location. */
export interface Receiver {
  /** Everything that came, the oldest first, each with the time of this process's monotonic clock. */
  messages: () => readonly Message[];
  /** The first message with an alert that is meant, in that state. */
  first(status: ReceivedAlert['status'], is: (alert: ReceivedAlert) => boolean): Message | undefined;
}

export async function startReceiver(where: Location, port: number): Promise<Receiver> {
  const { messages } = await startWebhook(where, port, (json) => message.parse(json));
  return {
    messages,
    first: (status, is) =>
      messages().find(({ alerts }) => alerts.some((alert) => alert.status === status && is(alert))),
  };
}
