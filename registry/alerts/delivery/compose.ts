import { createHash } from 'node:crypto';
import {
  severities,
  type Alert,
  type AlertsAnswer,
  type Incident,
  type RuleName,
} from '@netring/contract/alert';
import { alertNames } from '@netring/contract/alert-names';
import type { Notification, NotifiedAlert } from '@netring/contract/notification';
import { isFiring, type Account } from './account.ts';
import type { Progress, Reason } from './due.ts';

/** Alerts named in one notification; an incident counts all of them. */
const mostAlerts = 50;

const units: Partial<Record<RuleName, NonNullable<NotifiedAlert['unit']>>> = {
  low_bandwidth: 'Mbit/s',
  high_hop_latency: 'ms',
  loss: 'share',
  registry_deaf: 'share',
  latency_above_baseline: 'ms',
  dependency_slow: 'ms',
  dependency_failing: 'share',
};

/** What a notification is made of. */
export interface Subject {
  account: Account;
  answer: AlertsAnswer;
  alerts: ReadonlyMap<string, Alert>;
  reason: Reason;
  /** What the receiver was told before. */
  progress: Progress | undefined;
  /** Cause and severity as the receiver is told now. */
  facts: string;
  publicUrl: string | undefined;
}

/** The notification of an incident as it stands: a pure function. */
export function compose(subject: Subject): Notification {
  const { account, answer, alerts, reason, publicUrl } = subject;
  const incident = answer.incidents.find(({ id }) => id === account.last.id);
  const isOver = reason === 'resolved';
  const own = (incident?.alerts ?? []).flatMap((id) => alerts.get(id) ?? []);
  const told = own.filter((one) => (isOver ? one.severity !== 'info' : isFiring(one))).sort(worstFirst);
  const { id, cause, severity, started_ms } = account.last;
  const crossing = incident?.crossing;
  return {
    version: 1,
    key: keyOf(subject),
    state: isOver ? 'resolved' : 'firing',
    reason,
    at_ms: Math.round(answer.now_ms),
    summary: summaryOf(account, answer, alerts),
    incident: {
      id,
      cause,
      severity,
      started_ms,
      ...(isOver && { resolved_at_ms: Math.round(incident?.resolved_at_ms ?? answer.now_ms) }),
      ...(crossing === undefined ? {} : { crossing }),
    },
    alerts: told.slice(0, mostAlerts).map(notified),
    more_alerts: Math.max(0, told.length - mostAlerts),
    ...(publicUrl === undefined ? {} : { url: alertsPage(publicUrl) }),
  };
}

/** What fires in an incident by the names that receivers know, also what is silenced by itself. */
export function namesFiring(
  incident: Incident | undefined,
  alerts: ReadonlyMap<string, Alert>,
): ReadonlySet<string> {
  const own = (incident?.alerts ?? []).flatMap((id) => alerts.get(id) ?? []);
  const firing = own.filter(({ state, severity }) => state === 'firing' && severity !== 'info');
  return new Set(firing.map(({ rule }) => alertNames[rule]));
}

/** The dashboard's page of alerts. */
export function alertsPage(publicUrl: string): string {
  return `${publicUrl.replace(/#.*$/, '').replace(/\/$/, '')}/#page=alerts`;
}

/** The same for the same incident, state and news, whoever sends it and how often; another after it came back. */
function keyOf({ account, reason, facts, progress }: Subject): string {
  const { last, openedMs } = account;
  const opening = `${last.id}:${Math.round(openedMs)}`;
  if (reason === 'resolved') return `${opening}:resolved`;
  const news = createHash('sha256').update(facts).digest('hex').slice(0, 8);
  const again = reason === 'repeated' ? `:${(progress?.repeats ?? 0) + 1}` : '';
  return `${opening}:firing:${news}${again}`;
}

/** What became a part of another incident says of which. */
function summaryOf(
  { last, alert, goneMs }: Account,
  answer: AlertsAnswer,
  alerts: Subject['alerts'],
): string {
  if (goneMs === undefined) return last.summary;
  const into = alerts.get(alert ?? '')?.incident;
  const wider = answer.incidents.find(({ id }) => id === into && id !== last.id);
  return wider === undefined ? last.summary : `${last.summary}; this is now a part of: ${wider.summary}`;
}

function worstFirst(a: Alert, b: Alert): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.id < b.id ? -1 : 1);
}

function notified(one: Alert): NotifiedAlert {
  const { rule, severity, state, summary, subject, value, threshold, firing_since_ms, resolved_at_ms } = one;
  const unit = value === undefined ? undefined : units[rule];
  return {
    name: alertNames[rule],
    rule,
    severity,
    state,
    summary,
    subject,
    ...(value === undefined ? {} : { value }),
    ...(threshold === undefined ? {} : { threshold }),
    ...(unit === undefined ? {} : { unit }),
    ...(firing_since_ms === undefined ? {} : { firing_since_ms }),
    ...(resolved_at_ms === undefined ? {} : { resolved_at_ms }),
  };
}
