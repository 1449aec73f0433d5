import type { Alert, AlertsAnswer, Incident, Silence } from '@netring/contract/alert';
import { isTold, type AlertMemory } from './alert-state.ts';
import type { AlertState } from './evaluate.ts';
import type { IncidentMemory } from './incidents.ts';
import { silencesOf } from './silences.ts';

/** What is told of a state and of the silences at a moment; the newest incident first. */
export function tell(state: AlertState, silences: readonly Silence[], nowMs: number): AlertsAnswer {
  const incidentOf = new Map<string, string>();
  // The present one stands last, and wins.
  for (const one of state.incidents) for (const id of one.alerts) incidentOf.set(id, one.id);
  const active = new Set(state.active.filter(isTold).map(({ id }) => id));
  const alerts = [
    ...state.active.filter(isTold),
    ...state.resolved.filter(({ id }) => !active.has(id)).reverse(),
  ].map((one) => alertOf(one, incidentOf.get(one.id), silencesOf(one, silences, nowMs)));
  const byId = new Map(alerts.map((one) => [one.id, one]));
  const incidents = [...state.incidents]
    .sort((a, b) => b.startedMs - a.startedMs || (a.id < b.id ? -1 : 1))
    .map((one) => incidentToTell(one, byId));
  return { now_ms: nowMs, incidents, alerts, silences: [...silences] };
}

function alertOf(one: AlertMemory, incident: string | undefined, silencedBy: string[]): Alert {
  return {
    id: one.id,
    rule: one.rule,
    severity: one.severity,
    state: one.state === 'watched' ? 'pending' : one.state,
    subject: one.subject,
    summary: one.summary,
    ...(one.value === undefined ? {} : { value: one.value }),
    ...(one.threshold === undefined ? {} : { threshold: one.threshold }),
    ...(one.blame === undefined ? {} : { blame: one.blame }),
    pending_since_ms: Math.round(one.pendingSinceMs),
    ...(one.firingSinceMs === undefined ? {} : { firing_since_ms: Math.round(one.firingSinceMs) }),
    ...(one.resolvedAtMs === undefined ? {} : { resolved_at_ms: Math.round(one.resolvedAtMs) }),
    ...(incident === undefined ? {} : { incident }),
    silenced_by: silencedBy,
  };
}

function incidentToTell(one: IncidentMemory, alerts: ReadonlyMap<string, Alert>): Incident {
  const own = one.alerts.flatMap((id) => alerts.get(id) ?? []);
  // What is over needs no silence; of an incident that is over, everything is.
  const counted = one.state === 'open' ? own.filter(({ state }) => state !== 'resolved') : own;
  return {
    id: one.id,
    cause: one.cause,
    severity: one.severity,
    state: one.state,
    summary: one.summary,
    started_ms: Math.round(one.startedMs),
    changed_ms: Math.round(one.changedMs),
    ...(one.resolvedAtMs === undefined ? {} : { resolved_at_ms: Math.round(one.resolvedAtMs) }),
    alerts: one.alerts,
    ...(one.crossing === undefined ? {} : { crossing: one.crossing }),
    silenced: counted.length > 0 && counted.every(({ silenced_by }) => silenced_by.length > 0),
  };
}
