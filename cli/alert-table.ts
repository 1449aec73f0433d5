import type { Alert, AlertsAnswer, Incident, Matcher, Silence } from '@netring/contract/alert';
import { crossingSentence } from '@netring/contract/crossing';
import { describeAge } from './member-table.ts';
import { textTable } from './text-table.ts';

/** Incidents with their sentences, then alerts, as people read them; what was resolved only when `all`. */
export function alertTable({ now_ms, incidents, alerts }: AlertsAnswer, all = false): string {
  const shownIncidents = incidents.filter(({ state }) => all || state === 'open');
  const shownAlerts = alerts.filter(({ state }) => all || state !== 'resolved');
  const parts = [
    shownIncidents.length === 0
      ? 'No open incidents.'
      : textTable(
          ['INCIDENT', 'SEVERITY', 'SINCE', 'WHAT'],
          shownIncidents.map((one) => incidentRow(one, now_ms)),
        ),
  ];
  if (shownAlerts.length > 0) {
    parts.push(
      textTable(
        ['ALERT', 'SEVERITY', 'STATE', 'SINCE', 'INCIDENT', 'WHAT'],
        shownAlerts.map((one) => alertRow(one, now_ms)),
      ),
    );
  }
  return parts.join('\n\n');
}

/** What is kept quiet, and until when. */
export function silenceTable({ now_ms, silences }: AlertsAnswer): string {
  if (silences.length === 0) return 'No silences.';
  return textTable(
    ['ID', 'KIND', 'MATCHES', 'STATE', 'BY', 'COMMENT'],
    silences.map((one) => [
      one.id,
      one.kind,
      matcherText(one.matcher),
      stateOf(one, now_ms),
      one.author ?? '',
      one.comment,
    ]),
  );
}

function incidentRow(one: Incident, nowMs: number): string[] {
  const age = `${describeAge((nowMs - one.started_ms) / 1000)}`;
  const quiet = one.silenced ? ', silenced' : '';
  const crossed = one.crossing === undefined ? '' : `; ${crossingSentence(one.crossing)}`;
  const what = `${one.summary}${crossed}`;
  return [one.id, `${one.severity}${quiet}`, one.state === 'open' ? age : `${age}, over`, what];
}

function alertRow(one: Alert, nowMs: number): string[] {
  const since =
    one.state === 'resolved' ? (one.resolved_at_ms ?? nowMs) : (one.firing_since_ms ?? one.pending_since_ms);
  const quiet = one.silenced_by.length > 0 ? ', silenced' : '';
  const age = describeAge((nowMs - since) / 1000);
  return [one.rule, one.severity, `${one.state}${quiet}`, age, one.incident ?? '', one.summary];
}

/** `location=eu1, rule=loss`. */
export function matcherText(matcher: Matcher): string {
  return Object.entries(matcher)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

function stateOf({ from_ms, to_ms }: Silence, nowMs: number): string {
  if (nowMs < from_ms) return `begins in ${describeAge((from_ms - nowMs) / 1000)}`;
  return nowMs < to_ms ? `for ${describeAge((to_ms - nowMs) / 1000)} more` : 'over';
}
