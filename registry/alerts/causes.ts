import type { AlertSubject, CauseKind } from '@netring/contract/alert';
import type { AlertMemory } from './alert-state.ts';

/** What brings alerts about. */
export interface Cause {
  kind: CauseKind;
  subject: AlertSubject;
}

/** A wider cause may take the place of a narrower one, never the other way round while it lasts. */
const width: Record<CauseKind, number> = {
  registry: 5,
  location: 5,
  direction: 4,
  hop: 3,
  member: 2,
  location_pair: 1,
};

/** Whether `one` says more than `other`. */
export function isWider(one: Cause, other: Cause): boolean {
  return width[one.kind] > width[other.kind];
}

/** Names a cause: the same for the same. A pair is one whichever way round. */
export function causeKey({ kind, subject }: Cause): string {
  const { source_location, target_location, location, instance_id, hop_ip, external } = subject;
  const ends =
    kind === 'location_pair' && external !== true
      ? [source_location ?? '', target_location ?? ''].sort()
      : [source_location ?? null, target_location ?? null];
  return JSON.stringify([
    kind,
    ...ends,
    location ?? null,
    instance_id ?? null,
    hop_ip ?? null,
    external ?? false,
  ]);
}

/** Whether an alert can be an effect of a cause. */
export function explains(cause: Cause, { rule, subject, members }: AlertMemory): boolean {
  const by = cause.subject;
  const { source_location, target_location } = subject;
  const isPath = source_location !== undefined && target_location !== undefined;
  switch (cause.kind) {
    case 'registry':
      return rule === 'registry_deaf' || isSilence(rule);
    case 'location':
      if (isPath) return source_location === by.location || target_location === by.location;
      return subject.location === by.location || rule === 'registry_deaf';
    case 'direction':
      if (!isPath || (subject.external === true) !== (by.external === true)) return false;
      return (
        [source_location, undefined].includes(by.source_location) &&
        [target_location, undefined].includes(by.target_location)
      );
    case 'hop':
      return rule === 'high_hop_latency' || rule === 'latency_above_baseline';
    case 'member':
      if (members !== undefined) return false;
      if ([subject.instance_id, subject.source, subject.target].includes(by.instance_id)) return true;
      // Of a location's only member: paths of the location are its own.
      if (!isPath || subject.source !== undefined) return false;
      return source_location === by.location || target_location === by.location;
    case 'location_pair':
      return isPath && causeKey(pairCause(subject)) === causeKey(cause);
  }
}

export function isSilence(rule: AlertMemory['rule']): boolean {
  return rule === 'member_down' || rule === 'control_path_lost';
}

/** The narrowest cause of an alert on a path. */
export function pairCause({ source_location, target_location, external }: AlertSubject): Cause {
  const subject: AlertSubject = {};
  if (source_location !== undefined) subject.source_location = source_location;
  if (target_location !== undefined) subject.target_location = target_location;
  if (external === true) subject.external = true;
  return { kind: 'location_pair', subject };
}
