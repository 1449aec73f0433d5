import { crossingSentence } from '@netring/contract/crossing';
import type { Notification } from '@netring/contract/notification';
import type { Encoded } from './receiver.ts';

/** Lines of alerts below the sentence: what fits a phone. */
const mostLines = 5;
const mostCharacters = 2_000;

const colours = { critical: '#b3261e', warning: '#c77700', info: '#4a6fa5' } as const;
const overColour = '#2e7d32';

/** A message of Slack's incoming webhooks: the sentence, what crosses the place, some alerts, a link. */
export function encodeSlack(notification: Notification): Encoded {
  const { state, summary, incident, url } = notification;
  const link = url === undefined ? '' : ` <${url}|Open Netring>`;
  const headline = `*${headOf(notification)}* ${escaped(summary)}${link}`;
  const colour = state === 'firing' ? colours[incident.severity] : overColour;
  const lines = linesOf(notification);
  const attachments = lines.length === 0 ? [] : [{ color: colour, text: lines.join('\n') }];
  return { body: JSON.stringify({ text: headline, ...(attachments.length > 0 && { attachments }) }) };
}

function headOf({ state, reason, incident }: Notification): string {
  if (state === 'test') return 'Test';
  if (state === 'resolved') return 'Over:';
  const again = reason === 'repeated' ? ', still' : reason === 'changed' ? ', changed' : '';
  return `${incident.severity === 'critical' ? 'Critical' : 'Warning'}${again}:`;
}

function linesOf({ state, alerts, more_alerts, summary, incident }: Notification): string[] {
  if (state !== 'firing') return [];
  // One alert often says what the incident does.
  const others = alerts.filter((one) => one.summary !== summary);
  const shown = others.slice(0, mostLines);
  const rest = others.length - shown.length + more_alerts;
  const crossing = incident.crossing === undefined ? [] : [crossingSentence(incident.crossing)];
  const lines = [...crossing, ...shown.map((one) => `${one.name}: ${one.summary}`)];
  const more = rest > 0 ? [`and ${rest} more`] : [];
  return [...lines, ...more].map(escaped);
}

/** Names come from outside: nothing in them is a link, calls a channel, or fills the screen. */
export function escaped(text: string): string {
  return text
    .slice(0, mostCharacters)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '@\u200b')
    .replaceAll('](', ']\u200b(');
}
