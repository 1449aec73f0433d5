import type { AlertSubject } from '@netring/contract/alert';
import type { Notification, NotifiedAlert } from '@netring/contract/notification';
import type { Encoded } from './receiver.ts';

/** What Alertmanager calls an alert: those of one incident that are of one rule. */
export interface Part {
  name: string;
  /** Names it there: kept while cause and severity are the same, so that it goes on rather than being another. */
  labels: Record<string, string>;
  startsMs: number;
  annotations: Record<string, string>;
}

/** Sentences in a description. */
const mostSentences = 10;

/** What Alertmanager was told of an incident, and the names of all that fires in it, silenced or not. */
export interface Before {
  known: readonly Part[];
  firing: ReadonlySet<string>;
}

/**
 * What `POST /api/v2/alerts` takes: every rule of the incident that fires is one alert, which ends by itself `lastsMs`
 * later unless it is sent again; what was known and fires no more ends now. What was known and fires on without being
 * told, since it is silenced, goes on as it was: an end would say that it is over.
 */
export function encodeAlertmanager(
  notification: Notification,
  { known, firing }: Before,
  lastsMs: number,
): Encoded {
  const { at_ms: nowMs, state, url } = notification;
  const told = state === 'resolved' ? [] : partsOf(notification, known);
  const names = new Set(told.map(({ name }) => name));
  const quiet = known.filter(({ name }) => state === 'firing' && firing.has(name) && !names.has(name));
  const parts = [...told, ...quiet];
  const present = new Set(parts.map(identity));
  const over = known.filter((one) => !present.has(identity(one)));
  const generatorURL = url === undefined ? {} : { generatorURL: url };
  const entry = ({ labels, annotations, startsMs }: Part, endsMs: number) => ({
    labels,
    annotations,
    startsAt: new Date(startsMs).toISOString(),
    endsAt: new Date(endsMs).toISOString(),
    ...generatorURL,
  });
  const body = [...parts.map((one) => entry(one, nowMs + lastsMs)), ...over.map((one) => entry(one, nowMs))];
  return { body: JSON.stringify(body), parts };
}

/** One body of several: they are lists. */
export function joinAlertmanager(bodies: readonly string[]): string {
  return JSON.stringify(bodies.flatMap((body) => JSON.parse(body) as unknown[]));
}

function identity({ labels }: Part): string {
  return JSON.stringify(Object.entries(labels).sort());
}

function partsOf(notification: Notification, known: readonly Part[]): Part[] {
  const byName = new Map<string, NotifiedAlert[]>();
  for (const one of notification.alerts) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  // Nothing fires for a moment while the incident goes on: what is known of it stays as it is.
  if (byName.size === 0 && notification.state !== 'test') return [...known];
  if (notification.state === 'test') byName.set('NetringTest', []);
  return [...byName].map(([name, alerts]) => partOf(name, alerts, notification, known));
}

function partOf(
  name: string,
  alerts: readonly NotifiedAlert[],
  notification: Notification,
  known: readonly Part[],
): Part {
  const { at_ms } = notification;
  const labels = labelsOf(name, alerts, notification);
  const same = known.find((one) => one.name === name && isSameCause(one.labels, labels));
  const starts = alerts.flatMap(({ firing_since_ms }) => firing_since_ms ?? []);
  return {
    name,
    labels: same?.labels ?? labels,
    startsMs: same?.startsMs ?? Math.min(at_ms, ...starts),
    annotations: annotationsOf(alerts, notification),
  };
}

function labelsOf(
  name: string,
  alerts: readonly NotifiedAlert[],
  { incident }: Notification,
): Record<string, string> {
  const { kind, subject } = incident.cause;
  const about = alerts.length === 1 ? { ...subject, ...alerts[0]?.subject } : subject;
  return {
    alertname: name,
    severity: incident.severity,
    incident: incident.id,
    cause: kind,
    ...labelled(about),
  };
}

/** The hop stands in the annotations: it may move while the trouble stays. */
function labelled({ hop_ip: _hop, external: _external, ...subject }: AlertSubject): Record<string, string> {
  const entries = Object.entries(subject).filter(
    (one): one is [string, string] => typeof one[1] === 'string' && one[1] !== '',
  );
  return Object.fromEntries(entries);
}

/** The two ends of a pair may have changed places. */
function isSameCause(a: Record<string, string>, b: Record<string, string>): boolean {
  return a.cause === b.cause && a.severity === b.severity;
}

function annotationsOf(
  alerts: readonly NotifiedAlert[],
  { summary, url }: Notification,
): Record<string, string> {
  const [only] = alerts;
  const single = alerts.length === 1 ? only : undefined;
  const hop = alerts.find(({ subject }) => subject.hop_ip !== undefined)?.subject.hop_ip;
  const sentences = alerts.slice(0, mostSentences).map((one) => one.summary);
  const more = alerts.length - sentences.length;
  return {
    summary: single?.summary ?? summary,
    description: [...new Set([summary, ...sentences]), ...(more > 0 ? [`and ${more} more`] : [])].join('\n'),
    ...(single?.value === undefined ? {} : { value: `${single.value} ${single.unit ?? ''}`.trim() }),
    ...(hop === undefined ? {} : { hop_ip: hop }),
    ...(url === undefined ? {} : { dashboard: url }),
  };
}
