import type { AlertMemory } from './alert-state.ts';
import type { Cause } from './causes.ts';
import { arrow, figure } from './finding.ts';
import type { Ground } from './ground.ts';
import { listed } from './member-findings.ts';

/**
 * One sentence that names the cause and what it does; without local time, since everybody has another.
 *
 * @param everything all alerts, those of other causes too: a path between two sites that are cut off counts for both
 */
export function sentenceOf(
  cause: Cause,
  alerts: readonly AlertMemory[],
  ground: Ground,
  everything: readonly AlertMemory[],
): string {
  const { subject } = cause;
  switch (cause.kind) {
    case 'location':
      return ofLocation(subject.location ?? '', alerts, ground, everything);
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

type Trouble = 'down' | 'lossy' | 'slow' | 'step' | 'narrow';

const worstFirst: readonly Trouble[] = ['down', 'lossy', 'slow', 'step', 'narrow'];

function troubleOf({ rule }: AlertMemory): Trouble | undefined {
  if (rule === 'connectivity_down') return 'down';
  if (rule === 'loss') return 'lossy';
  if (rule === 'latency_above_baseline') return 'slow';
  if (rule === 'high_hop_latency') return 'step';
  return rule === 'low_bandwidth' ? 'narrow' : undefined;
}

/** The trouble that is worst. */
export function worstTrouble(alerts: readonly AlertMemory[]): Trouble | undefined {
  const found = new Set(alerts.map(troubleOf));
  return worstFirst.find((trouble) => found.has(trouble));
}

/** What one path does, and what several do. */
const verbs: Record<Trouble, [string, string]> = {
  down: ['is down', 'are down'],
  lossy: ['loses packets', 'lose packets'],
  slow: ['is slower than usual', 'are slower than usual'],
  step: ['crosses a slow step', 'cross a slow step'],
  narrow: ['carries too little', 'carry too little'],
};

function does(trouble: Trouble, count = 2): string {
  return verbs[trouble][count === 1 ? 0 : 1];
}

function ofLocation(
  name: string,
  alerts: readonly AlertMemory[],
  ground: Ground,
  everything: readonly AlertMemory[],
): string {
  // Ways that another cause has made worse are no longer well either.
  const least = worstFirst.findLastIndex((one) => alerts.some((alert) => troubleOf(alert) === one));
  const troubles = worstFirst.slice(0, least + 1);
  const troubled = new Map<string, Trouble>();
  // The worst is put there last.
  for (const trouble of [...troubles].reverse()) {
    const ofKind = everything.filter((one) => troubleOf(one) === trouble);
    for (const other of ofKind.flatMap((one) => otherEnd(one, name))) troubled.set(other, trouble);
  }
  const ways = ground.paths.filter(({ source, target }) => source === name || target === name);
  const all = new Set([...ways.flatMap(({ source, target }) => [source, target]), ...troubled.keys()]);
  all.delete(name);
  const counts = troubles.map((trouble) => {
    const count = [...troubled.values()].filter((one) => one === trouble).length;
    return { count, text: `${count} ${does(trouble, count)}` };
  });
  const isCut = troubled.size > 0 && [...troubled.values()].every((one) => one === 'down');
  const said = listed(counts.filter(({ count }) => count > 0).map(({ text }) => text));
  if (troubled.size < all.size)
    return `${name} ${isCut ? 'was cut off' : 'was in trouble'}: of its ${all.size} location paths ${said} still`;
  const [only] = new Set(troubled.values());
  if (only === undefined || new Set(troubled.values()).size > 1)
    return `${name} is in trouble: of its ${all.size} location paths ${said}`;
  const which = `all ${all.size} location paths to and from it ${does(only)}`;
  return `${name} ${isCut ? 'is cut off' : 'is in trouble'}: ${which}${isCut ? hearing(name, alerts, ground) : ''}`;
}

/** The other end of a path between members that begins or ends at `name`. */
function otherEnd({ subject }: AlertMemory, name: string): string[] {
  const { source_location: from, target_location: to, external, source } = subject;
  if (from === undefined || to === undefined || from === to) return [];
  if (external === true || source !== undefined || (from !== name && to !== name)) return [];
  return [from === name ? to : from];
}

/** What the registry hears of a site that is cut off. */
function hearing(name: string, alerts: readonly AlertMemory[], { members }: Ground): string {
  const isHeard = members.some(({ location, status }) => location === name && status === 'online');
  if (!isHeard) return ', and the registry hears nobody there';
  const isDeaf = alerts.some(({ rule }) => rule === 'registry_deaf');
  return isDeaf ? ', and the registry hears nobody from elsewhere' : '';
}

function ofDirection({ subject }: Cause, alerts: readonly AlertMemory[]): string {
  const trouble = worstTrouble(alerts) ?? 'down';
  const { source_location, target_location, external } = subject;
  const other = external === true || source_location === undefined ? 'source_location' : 'target_location';
  const ends = [...new Set(alerts.flatMap((one) => one.subject[other] ?? []))].sort();
  if (external === true) {
    return `${target_location} is in trouble: the paths from ${listed(ends)} to it ${does(trouble)}`;
  }
  const where = source_location === undefined ? `towards ${target_location}` : `away from ${source_location}`;
  return `all ${ends.length} location paths ${where} ${does(trouble)}, on that way alone`;
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
    return `between ${a} and ${b} both ways ${does(trouble)}: ${first.summary}`;
  return first.summary;
}
