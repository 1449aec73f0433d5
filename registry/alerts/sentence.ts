import type { AlertMemory } from './alert-state.ts';
import type { Cause } from './causes.ts';
import { arrow, figure } from './finding.ts';
import type { Ground } from './ground.ts';
import { listed } from './member-findings.ts';

/** One sentence that names the cause and what it does; without local time, since everybody has another. */
export function sentenceOf(cause: Cause, alerts: readonly AlertMemory[], ground: Ground): string {
  const { subject } = cause;
  switch (cause.kind) {
    case 'location':
      return ofLocation(subject.location ?? '', alerts, ground);
    case 'direction':
      return ofDirection(cause, alerts);
    case 'hop':
      return ofHop(subject.hop_ip ?? '', alerts);
    case 'member':
      return ofMember(subject.instance_id ?? '', subject.location, alerts);
    case 'registry':
      return (alerts.find(({ rule }) => rule === 'registry_deaf') ?? alerts[0])?.summary ?? '';
    case 'location_pair':
      return ofPair(cause, alerts);
  }
}

type Trouble = 'down' | 'lossy' | 'slow' | 'narrow';

const worstFirst: readonly Trouble[] = ['down', 'lossy', 'slow', 'narrow'];

function troubleOf({ rule }: AlertMemory): Trouble | undefined {
  if (rule === 'connectivity_down') return 'down';
  if (rule === 'loss') return 'lossy';
  if (rule === 'latency_above_baseline' || rule === 'high_hop_latency') return 'slow';
  return rule === 'low_bandwidth' ? 'narrow' : undefined;
}

/** The trouble that is worst. */
export function worstTrouble(alerts: readonly AlertMemory[]): Trouble | undefined {
  const found = new Set(alerts.map(troubleOf));
  return worstFirst.find((trouble) => found.has(trouble));
}

const does: Record<Trouble, string> = {
  down: 'are down',
  lossy: 'lose packets',
  slow: 'are slower than usual',
  narrow: 'carry too little',
};

function ofLocation(name: string, alerts: readonly AlertMemory[], ground: Ground): string {
  const trouble = worstTrouble(alerts) ?? 'down';
  const onWays = alerts.filter((one) => troubleOf(one) !== undefined && one.subject.external !== true);
  const others = new Set(onWays.flatMap(({ subject }) => [subject.source_location, subject.target_location]));
  others.delete(name);
  others.delete(undefined);
  const paths = ground.paths.filter(({ source, target }) => source === name || target === name);
  const all = new Set([...paths.flatMap(({ source, target }) => [source, target]), ...others]);
  all.delete(name);
  if (others.size < all.size) {
    const was = trouble === 'down' ? 'was cut off' : 'was in trouble';
    return `${name} ${was}: ${others.size} of its ${all.size} location paths still ${does[trouble]}`;
  }
  const isHeard = ground.members.some(({ location, status }) => location === name && status === 'online');
  const silent = isHeard ? '' : ', and the registry hears nobody there';
  const hears =
    alerts.some(({ rule }) => rule === 'registry_deaf') && isHeard
      ? ', and the registry hears nobody from elsewhere'
      : '';
  const which = `all ${all.size} location paths to and from it ${does[trouble]}`;
  return `${name} ${trouble === 'down' ? 'is cut off' : 'is in trouble'}: ${which}${silent}${hears}`;
}

function ofDirection({ subject }: Cause, alerts: readonly AlertMemory[]): string {
  const trouble = worstTrouble(alerts) ?? 'down';
  const { source_location, target_location, external } = subject;
  const other = external === true || source_location === undefined ? 'source_location' : 'target_location';
  const ends = [...new Set(alerts.flatMap((one) => one.subject[other] ?? []))].sort();
  if (external === true) {
    return `${target_location} is in trouble: the paths from ${listed(ends)} to it ${does[trouble]}`;
  }
  const where = source_location === undefined ? `towards ${target_location}` : `away from ${source_location}`;
  return `all ${ends.length} location paths ${where} ${does[trouble]}, on that way alone`;
}

function ofHop(ip: string, alerts: readonly AlertMemory[]): string {
  const steps = alerts.filter(({ rule }) => rule === 'high_hop_latency');
  const most = Math.max(0, ...steps.map(({ value }) => value ?? 0));
  const ways = steps.map(({ subject }) =>
    arrow(subject.source_location ?? '', subject.target_location ?? ''),
  );
  return `router ${ip} adds up to ${figure(most)} ms to ${ways.length} location paths: ${listed(ways.sort(), 4)}`;
}

function ofMember(id: string, location: string | undefined, alerts: readonly AlertMemory[]): string {
  const own = alerts.find(({ subject }) => subject.instance_id === id);
  if (own !== undefined) return own.summary;
  const where = location === undefined ? '' : ` (${location})`;
  return `${id}${where} is not reached: ${alerts.length} paths between it and other members are down`;
}

function ofPair({ subject }: Cause, alerts: readonly AlertMemory[]): string {
  const { source_location: a = '', target_location: b = '' } = subject;
  const trouble = worstTrouble(alerts);
  const worst = alerts.filter((one) => troubleOf(one) === trouble);
  const [first] = worst;
  const ways = new Set(
    worst.map((one) => arrow(one.subject.source_location ?? '', one.subject.target_location ?? '')),
  );
  if (first === undefined) return alerts[0]?.summary ?? '';
  if (ways.size === 2 && trouble === 'down' && first.subject.source === undefined)
    return `${a} and ${b} do not reach each other: both ways are down`;
  if (ways.size === 2 && trouble !== undefined)
    return `between ${a} and ${b} both ways ${does[trouble]}: ${first.summary}`;
  return first.summary;
}
