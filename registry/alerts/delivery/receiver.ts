import { createHash } from 'node:crypto';
import type { Notification } from '@netring/contract/notification';
import type { ReceiverKind } from '@netring/contract/receiver';
import { encodeAlertmanager, joinAlertmanager, type Part } from './alertmanager.ts';
import type { Policy } from './due.ts';
import type { DeliveryConfig } from './settings.ts';
import { encodeSlack } from './slack.ts';
import { encodeWebhook } from './webhook.ts';

/** What is POSTed to a receiver for one notification. */
export interface Encoded {
  body: string;
  headers?: Record<string, string>;
  /** What the receiver knows by then, for the next time. */
  parts?: Part[];
}

/** Somebody who is told: the one seam between deciding and sending. */
export interface Receiver {
  /** Kind, host and the beginning of a hash of the URL: names it in the store, in metrics and in the log. */
  id: string;
  kind: ReceiverKind;
  /** To be shown: without what may be secret. */
  address: string;
  url: URL;
  policy: Policy;
  /** @param firing names of all alerts of the incident that fire, silenced or not */
  encode(notification: Notification, known: readonly Part[], firing: ReadonlySet<string>): Encoded;
  /** The body that says what several do; absent: each is sent by itself. */
  joined?: (bodies: readonly string[]) => string;
}

/** Alertmanager forgets what nobody repeats; Prometheus repeats as often. */
const keepAliveMs = 60_000;

/** The receivers that a configuration asks for; the same URL twice is one. */
export function receiversOf(config: DeliveryConfig): Receiver[] {
  const waitMs = config.alertGroupWait * 1000;
  const people: Policy = {
    waitMs,
    intervalMs: config.alertGroupInterval * 1000,
    repeatMs: config.alertRepeat * 1000,
    tellsLate: true,
    isState: false,
  };
  // It groups and repeats by itself, and has to know at once.
  const state: Policy = { waitMs, intervalMs: 0, repeatMs: keepAliveMs, tellsLate: false, isState: true };
  const secret = config.alertWebhookSecret;
  const all = [
    ...config.alertWebhookUrls.map((url) =>
      receiver('webhook', url, people, (notification) => encodeWebhook(notification, secret)),
    ),
    ...config.alertSlackUrls.map((url) => receiver('slack', url, people, encodeSlack)),
    ...config.alertmanagerUrls.map((url) => ({
      ...receiver('alertmanager', url, state, (notification, known, firing) =>
        encodeAlertmanager(notification, { known, firing }, 4 * keepAliveMs),
      ),
      joined: joinAlertmanager,
    })),
  ];
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

function receiver(kind: ReceiverKind, text: string, policy: Policy, encode: Receiver['encode']): Receiver {
  const url = new URL(text);
  if (kind === 'alertmanager') url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v2/alerts`;
  const hash = createHash('sha256').update(`${kind} ${url.href}`).digest('hex').slice(0, 6);
  const id = `${kind}-${url.hostname.replace(/[[\]]/g, '')}-${hash}`;
  return { id, kind, address: masked(url), url, policy, encode };
}

/** Paths of webhooks are passwords. */
export function masked({ protocol, host, pathname, search }: URL): string {
  return `${protocol}//${host}${pathname === '/' && search === '' ? '/' : '/***'}`;
}
