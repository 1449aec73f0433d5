import type { ReceivedAlert } from './received.ts';

/** `us1>eu1` */
const wayOf = ({ labels }: ReceivedAlert) => `${labels.source_location}>${labels.target_location}`;

/** Alerts of a name, on one way if one is given. */
export const named = (name: string, way?: string) => (alert: ReceivedAlert) =>
  alert.labels.alertname === name && (way === undefined || wayOf(alert) === way);

/** The alert that a member is down. */
export const ofMember = (id: string) => (alert: ReceivedAlert) =>
  alert.labels.alertname === 'NetringMemberDown' && alert.labels.instance === id;
