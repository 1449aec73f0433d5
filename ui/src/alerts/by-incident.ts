import type { Alert, Incident } from '@netring/contract/alert';

/** Alerts with one cause; without an incident, those that have none. */
export interface Group {
  /** The same group has the same key, whatever alerts come and go. */
  key: string;
  incident?: Incident;
  alerts: readonly Alert[];
}

/** With more alerts than this on screen, groups are folded, and tell how many they hold. */
export const foldBeyond = 40;

/** Alerts by the incident they belong to, in the order of their first alerts; those without one last. */
export function byIncident(alerts: readonly Alert[], incidents: readonly Incident[]): Group[] {
  const known = new Map(incidents.map((one) => [one.id, one]));
  const groups = new Map<string, Alert[]>();
  const alone: Alert[] = [];
  for (const alert of alerts) {
    const { incident: id } = alert;
    if (id === undefined || !known.has(id)) alone.push(alert);
    else if (groups.has(id)) groups.get(id)?.push(alert);
    else groups.set(id, [alert]);
  }
  const found = [...groups].map(([key, own]): Group => ({ key, alerts: own, ...incidentOf(known.get(key)) }));
  return alone.length === 0 ? found : [...found, { key: '', alerts: alone }];
}

function incidentOf(incident: Incident | undefined): { incident?: Incident } {
  return incident === undefined ? {} : { incident };
}
