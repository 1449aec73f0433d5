import type { Notification } from '@netring/contract/notification';
import { signatureOf } from '../../posting/index.ts';
import type { Encoded } from './receiver.ts';

/** A notification as it is; signed when there is a secret. */
export function encodeWebhook(notification: Notification, secret: string | undefined): Encoded {
  const body = JSON.stringify(notification);
  const timeS = Math.floor(notification.at_ms / 1000);
  return {
    body,
    headers: {
      'netring-notification': notification.key,
      ...(secret === undefined ? {} : { 'netring-signature': signatureOf({ secret, timeS, body }) }),
    },
  };
}
