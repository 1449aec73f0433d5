import { list, number, optionalText, setting } from '@netring/service/setting';
import { z } from 'zod';

const httpUrl = z
  .string()
  .max(2048, 'must be at most 2048 characters')
  .refine(isHttpUrl, 'must be URLs that begin with http:// or https://, separated by commas')
  .refine(
    (text) => !isHttpUrl(text) || isSendable(new URL(text)),
    'must have a % in a name or password written as %25',
  );

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/** What a URL may hold and basic authentication may not: a % that escapes nothing. */
function isSendable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username);
    decodeURIComponent(password);
    return true;
  } catch {
    return false;
  }
}

/** So many receivers of a kind: above what a company has, below what would fill the metrics. */
const mostReceivers = 20;

function urls(name: string, about: string) {
  return setting({
    yaml: `registry.alerts.delivery.${name.toLowerCase()}`,
    env: name === 'ALERTMANAGER_URLS' ? 'NETRING_ALERTMANAGER_URLS' : `NETRING_ALERT_${name}`,
    schema: list(httpUrl).refine(
      (all) => all.length <= mostReceivers,
      `must be at most ${mostReceivers} URLs`,
    ),
    default: [] as string[],
    about,
    secret: true,
  });
}

const seconds = (most: number) => number(0, most, 'a number of seconds');

/** Settings of delivery; order and wording here are those of `config/registry.yaml`. */
export const deliverySettings = {
  alertWebhookUrls: urls(
    'WEBHOOK_URLS',
    'URLs, separated by commas, that get incidents POSTed as JSON (docs/alerts.md has the shape). Any address is allowed; redirects are not followed.',
  ),
  alertSlackUrls: urls(
    'SLACK_URLS',
    'Incoming webhooks of Slack, or of what understands the same: Mattermost, Rocket.Chat, Discord with /slack at the end.',
  ),
  alertmanagerUrls: urls(
    'ALERTMANAGER_URLS',
    'Alertmanagers, such as http://alertmanager:9093; with several, each is told. Leave it empty where Prometheus has the rules, or everything comes twice.',
  ),
  alertWebhookSecret: setting({
    yaml: 'registry.alerts.delivery.webhook_secret',
    env: 'NETRING_ALERT_WEBHOOK_SECRET',
    schema: optionalText(512).refine(
      (text) => text === undefined || text.length >= 16,
      'must have at least 16 characters: make one with "openssl rand -hex 32"',
    ),
    default: undefined as string | undefined,
    about: 'Signs what webhooks get (HMAC-SHA256, header netring-signature). Unset: it is not signed.',
    secret: true,
  }),
  alertGroupWait: setting({
    yaml: 'registry.alerts.delivery.group_wait',
    env: 'NETRING_ALERT_GROUP_WAIT',
    schema: seconds(3_600),
    default: 10,
    about:
      'Seconds from the opening of an incident to the first word of it, in which alerts with one cause come together.',
  }),
  alertGroupInterval: setting({
    yaml: 'registry.alerts.delivery.group_interval',
    env: 'NETRING_ALERT_GROUP_INTERVAL',
    schema: seconds(86_400),
    default: 300,
    about:
      'Seconds between two words of one incident, when its cause or severity changes or it comes back; that it is over is told at once. What comes back is told twice in two such times at most.',
  }),
  alertRepeat: setting({
    yaml: 'registry.alerts.delivery.repeat',
    env: 'NETRING_ALERT_REPEAT',
    schema: seconds(30 * 86_400),
    default: 14_400,
    about: 'Seconds after which an incident that goes on unchanged is told again; 0: never.',
  }),
  publicUrl: setting({
    yaml: 'registry.public_url',
    env: 'NETRING_PUBLIC_URL',
    schema: optionalText(1024).refine(
      (text) => text === undefined || isHttpUrl(text),
      'must begin with http:// or https://',
    ),
    default: undefined as string | undefined,
    about:
      'Where people reach the dashboard, such as https://netring.example.com: notifications carry a link to it.',
  }),
};

/** What the settings say, as far as delivery is made of it. */
export interface DeliveryConfig {
  alertWebhookUrls: readonly string[];
  alertSlackUrls: readonly string[];
  alertmanagerUrls: readonly string[];
  alertWebhookSecret: string | undefined;
  alertGroupWait: number;
  alertGroupInterval: number;
  alertRepeat: number;
  publicUrl: string | undefined;
}
