import type { AlertSubject, CauseKind } from '@netring/contract/alert';
import type { AlertMemory } from './alert-state.ts';
import { isNews, isOfDependency } from './graph-rules.ts';

/** What brings alerts about. */
export interface Cause {
  kind: CauseKind;
  subject: AlertSubject;
}

/** A wider cause may take the place of a narrower one, never the other way round while it lasts. */
const width: Record<CauseKind, number> = {
  // A site that is cut off explains that the registry hears nobody, and it takes longer to be known.
  location: 6,
  registry: 5,
  direction: 4,
  hop: 3,
  member: 2,
  location_pair: 1,
  service: 1,
};

/** Whether `one` says more than `other`. */
export function isWider(one: Cause, other: Cause): boolean {
  return width[one.kind] > width[other.kind];
}

/** Names a cause: the same for the same. A pair is one whichever way round. */
export function causeKey({ kind, subject }: Cause): string {
  const { source_location, target_location, location, instance_id, hop_ip, external, service } = subject;
  // Others are named as ever, so that those that stand in a store go on.
  if (kind === 'service') return JSON.stringify([kind, service ?? null]);
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
export function explains(cause: Cause, alert: AlertMemory): boolean {
  const { rule, subject, members } = alert;
  const by = cause.subject;
  if (isOfDependency(rule)) return explainsDependency(cause, alert);
  if (isNews(rule)) return explainsNews(cause, alert);
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
      if (isPath) return causeKey(pairCause(subject)) === causeKey(cause);
      // Between the only two sites there are, as what is told together says.
      return rule === 'registry_deaf' || (isSilence(rule) && isEnd(by, subject.location));
    case 'service':
      return false;
  }
}

/**
 * Whether it can be what makes a dependency slow, or fail. What is blamed on the network belongs to what lies under it; of
 * everything else the service that is called is the cause, also where it is not known whether it is the network.
 */
function explainsDependency({ kind, subject: by }: Cause, { subject, blame }: AlertMemory): boolean {
  const { source_location: from, target_location: to } = subject;
  if (kind === 'service') return !isByNetwork({ subject, blame }) && subject.target_service === by.service;
  if (!isByNetwork({ subject, blame }) || by.external === true) return false;
  switch (kind) {
    case 'location':
      return from !== to && (from === by.location || to === by.location);
    case 'direction':
      // A request goes one way, and its answer the other.
      return from !== to && [from, to].includes(by.source_location ?? by.target_location);
    case 'hop':
      return true;
    case 'member':
      return subject.source === by.instance_id || subject.target === by.instance_id;
    case 'location_pair':
      return causeKey(pairCause(subject)) === causeKey({ kind, subject: by });
    case 'registry':
      return false;
  }
}

/** Whether the network is blamed, on a way that is known. */
export function isByNetwork({ subject, blame }: Pick<AlertMemory, 'subject' | 'blame'>): boolean {
  return (
    blame === 'network' && subject.source_location !== undefined && subject.target_location !== undefined
  );
}

/** A service that is new or lost is nobody's effect, and stands with its own. */
function explainsNews({ kind, subject: by }: Cause, { subject }: AlertMemory): boolean {
  return kind === 'service' && (subject.service ?? subject.target_service) === by.service;
}

function isEnd({ source_location, target_location }: AlertSubject, location: string | undefined): boolean {
  return location !== undefined && [source_location, target_location].includes(location);
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
