import type { Alert, AlertSubject, Incident, RuleName } from '@netring/contract/alert';
import type { View } from '../matrix/cell.ts';
import { alarmKey, noAlarms, type Alarms } from '../matrix/roll.ts';
import { severityOrder, type About, type Severity, type Trouble } from './trouble.ts';

const severities = { critical: 'bad', warning: 'warn', info: 'info' } as const;
const order = { critical: 0, warning: 1, info: 2 } as const;

/** How bad an incident or an alert is, in the words of the screen. */
export function incidentSeverity({
  severity,
}: Pick<Incident, 'severity'>): Exclude<Severity, 'unknown'> | 'info' {
  return severities[severity];
}

/** Open incidents, silenced ones last, the worst first, then the newest. */
export function sortedIncidents(incidents: readonly Incident[]): Incident[] {
  return [...incidents].sort(
    (one, other) =>
      Number(one.silenced) - Number(other.silenced) ||
      order[one.severity] - order[other.severity] ||
      other.started_ms - one.started_ms ||
      (one.id < other.id ? -1 : 1),
  );
}

/** The incident that the headline would tell. */
export function worstIncident(incidents: readonly Incident[]): Incident | undefined {
  return sortedIncidents(incidents.filter(({ silenced }) => !silenced))[0];
}

/** Troubles of which no open incident tells that is at least as bad. Silenced incidents are not told, so they count for nothing here. */
export function untold(
  troubles: readonly Trouble[],
  incidents: readonly Incident[],
  alerts: readonly Alert[],
): Trouble[] {
  const told = incidents
    .filter(({ silenced }) => !silenced)
    .map((incident) => ({ rank: order[incident.severity], subjects: subjectsOf(incident, alerts) }));
  const isTold = ({ severity, about }: Trouble): boolean => {
    const enough = told
      .filter(({ rank }) => rank <= severityOrder[severity])
      .flatMap(({ subjects }) => subjects);
    return about.length > 0 && about.every((one) => enough.some((subject) => covers(subject, one)));
  };
  return troubles.filter((trouble) => !isTold(trouble));
}

/** What an incident is about: its cause, and whatever its alerts are about. */
function subjectsOf({ id, cause }: Incident, alerts: readonly Alert[]): AlertSubject[] {
  const own = alerts.filter(({ incident, state }) => state === 'firing' && incident === id);
  return [...bothWays(cause.kind, cause.subject), ...own.map(({ subject }) => subject)];
}

function bothWays(kind: Incident['cause']['kind'], subject: AlertSubject): AlertSubject[] {
  const { source_location: source, target_location: target } = subject;
  if (kind !== 'location_pair' || source === undefined || target === undefined) return [subject];
  return [subject, { ...subject, source_location: target, target_location: source }];
}

function covers(subject: AlertSubject, about: About): boolean {
  if ('dependency' in about) {
    const { dependency, service } = subject;
    if (service !== undefined) return about.services.includes(service);
    if (dependency !== undefined) return dependency === about.dependency;
    return about.over !== undefined && covers(subject, about.over);
  }
  // That a service or a dependency does badly says nothing of paths and members.
  if (subject.service !== undefined || subject.dependency !== undefined) return false;
  if ('member' in about) {
    if (subject.instance_id !== undefined) return subject.instance_id === about.member;
    return subject.location === about.location;
  }
  const { source_location: source, target_location: target, location, instance_id: member } = subject;
  if (source !== undefined || target !== undefined) {
    return (
      (source === undefined || source === about.source) && (target === undefined || target === about.target)
    );
  }
  return member === undefined && location !== undefined && [about.source, about.target].includes(location);
}

/** Rules that give the numbers of a view their verdict. */
const rulesOfView: Partial<Record<View, readonly RuleName[]>> = {
  bandwidth: ['low_bandwidth'],
  traceroute: ['high_hop_latency'],
};

/** The alerts that fire on location paths and concern `view`; `before` itself when they say the same. */
export function alarmsOf(alerts: readonly Alert[], view: View, before: Alarms): Alarms {
  const rules = rulesOfView[view];
  if (rules === undefined) return noAlarms;
  const found = new Map<string, string>();
  for (const { rule, state, subject, summary } of alerts) {
    const { source_location: source, target_location: target } = subject;
    if (state !== 'firing' || !rules.includes(rule) || source === undefined || target === undefined) continue;
    found.set(alarmKey(source, target), summary);
  }
  const same = found.size === before.size && [...found].every(([key, said]) => before.get(key) === said);
  return same ? before : found;
}
