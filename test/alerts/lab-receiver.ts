import { notification, type Notification, type NotifiedAlert } from '@netring/contract/notification';
import type { Location } from '../lab/index.ts';
import { startWebhook } from '../ring/webhook.ts';
import { secretPath } from './http-receiver.ts';

/** What came, and when by this process's monotonic clock. */
export type Message = Notification & { atMs: number };

/** A webhook's server inside a location. */
export interface LabReceiver {
  /** For who is in the same location. */
  url: string;
  /** Everything that came, the oldest first. */
  messages: () => readonly Message[];
  /** The first that tells such an alert in that state. */
  first(state: Notification['state'], is: (alert: NotifiedAlert) => boolean): Message | undefined;
}

const port = 9098;

export async function startLabReceiver(where: Location): Promise<LabReceiver> {
  const { messages } = await startWebhook(where, port, (json) => notification.parse(json));
  return {
    url: receiverUrl,
    messages,
    first: (state, is) => messages().find((one) => one.state === state && one.alerts.some(is)),
  };
}

export const receiverUrl = `http://127.0.0.1:${port}/${secretPath}`;
