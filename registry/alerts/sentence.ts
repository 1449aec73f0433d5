import type { AlertMemory } from './alert-state.ts';
import type { Cause } from './causes.ts';
import { arrow, figure } from './finding.ts';
import type { Ground } from './ground.ts';
import { listed } from './member-findings.ts';
import { sentenceOfCalls, sentenceOfService } from './service-sentence.ts';

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
      return ofDirection(cause, alerts, ground);
    case 'hop':
      return ofHop(subject.hop_ip ?? '', alerts);
    case 'member':
      return ofMember(subject.instance_id ?? '', subject.location, alerts);
    case 'registry':
      return (alerts.find(({ rule }) => rule === 'registry_deaf') ?? alerts[0])?.summary ?? '';
    case 'location_pair':
      return ofPair(cause, alerts);
    case 'service':
      return sentenceOfService(subject.service ?? '', alerts, everything);
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

/** All of a number of things that are two at least. */
function every(count: number): string {
  return count === 2 ? 'both' : `all ${count}`;
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
  const isCut = [...troubled.values()].every((one) => one === 'down');
  const [only, ...others] = new Set(troubled.values());
  // Its paths are well again, and a member there is silent still.
  if (only === undefined) return alerts[0]?.summary ?? '';
  const counted = countedTroubles(troubled, troubles);
  if (troubled.size < all.size)
    return `${name} ${isCut ? 'was cut off' : 'was in trouble'}: of its ${all.size} location paths ${counted} still`;
  if (others.length > 0) return `${name} is in trouble: of its ${all.size} location paths ${counted}`;
  const which = `${every(all.size)} location paths to and from it ${does(only)}`;
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

function ofDirection({ subject }: Cause, alerts: readonly AlertMemory[], { paths }: Ground): string {
  const { source_location, target_location, external } = subject;
  const other = external === true || source_location === undefined ? 'source_location' : 'target_location';
  const troubled = new Map<string, Trouble>();
  // The worst is put there last.
  for (const trouble of [...worstFirst].reverse())
    for (const one of alerts) {
      const end = one.subject[other];
      if (end !== undefined && troubleOf(one) === trouble) troubled.set(end, trouble);
    }
  const ends = [...troubled.keys()].sort();
  const [only, ...others] = new Set(troubled.values());
  if (only === undefined) return alerts[0]?.summary ?? '';
  if (external === true) {
    const which = ends.length === 1 ? 'the path' : 'the paths';
    const verb = does(worstTrouble(alerts) ?? only, ends.length);
    return `${target_location} is in trouble: ${which} from ${listed(ends)} to it ${verb}`;
  }
  const isTowards = source_location === undefined;
  const where = isTowards ? `towards ${target_location}` : `away from ${source_location}`;
  const measured = paths.filter((one) =>
    isTowards ? one.target === target_location : one.source === source_location,
  ).length;
  const all = Math.max(measured, ends.length);
  const alone = 'on that way alone';
  if (others.length > 0)
    return `of the ${all} location paths ${where} ${countedTroubles(troubled, worstFirst)}, ${alone}`;
  if (ends.length < all)
    return `${ends.length} of ${all} location paths ${where} ${does(only, ends.length)}, ${alone}`;
  return `${every(all)} location paths ${where} ${does(only)}, ${alone}`;
}

/** How many are in each trouble: `1 is down and 4 lose packets`. */
function countedTroubles(troubled: ReadonlyMap<string, Trouble>, troubles: readonly Trouble[]): string {
  const counts = troubles.map((trouble) => {
    const count = [...troubled.values()].filter((one) => one === trouble).length;
    return { count, text: `${count} ${does(trouble, count)}` };
  });
  return listed(counts.filter(({ count }) => count > 0).map(({ text }) => text));
}

function ofHop(ip: string, alerts: readonly AlertMemory[]): string {
  const steps = alerts.filter(({ rule }) => rule === 'high_hop_latency');
  // The slow step is over, or below what is told of a step, and what crosses it is slow still.
  if (steps.length === 0) return ofHopBlamed(ip, alerts);
  const most = Math.max(...steps.map(({ value }) => value ?? 0));
  const ways = steps.map(({ subject }) =>
    arrow(subject.source_location ?? '', subject.target_location ?? ''),
  );
  const [only] = ways;
  if (ways.length === 1) return `router ${ip} adds ${figure(most)} ms to ${only}`;
  return `router ${ip} adds up to ${figure(most)} ms to ${ways.length} location paths: ${listed(ways.sort(), 4)}`;
}

/** A hop that verdicts name, or that was slow: the paths that suffer from it. */
function ofHopBlamed(ip: string, alerts: readonly AlertMemory[]): string {
  const ways = new Set(
    alerts.map(({ subject }) => arrow(subject.source_location ?? '', subject.target_location ?? '')),
  );
  if (ways.size < 2) return alerts[0]?.summary ?? '';
  return `router ${ip} slows ${ways.size} location paths: ${listed([...ways].sort(), 4)}`;
}

function ofMember(id: string, location: string | undefined, alerts: readonly AlertMemory[]): string {
  const own = alerts.find(({ subject }) => subject.instance_id === id);
  if (own !== undefined) return own.summary;
  const down = alerts.filter(({ rule }) => rule === 'connectivity_down');
  const [only] = down.length > 0 ? down : alerts;
  if (down.length < 2) return only?.summary ?? '';
  const where = location === undefined ? '' : ` (${location})`;
  return `${id}${where} is not reached: ${down.length} paths between it and other members are down`;
}

function ofPair({ subject }: Cause, alerts: readonly AlertMemory[]): string {
  const { source_location: a = '', target_location: b = '' } = subject;
  const trouble = worstTrouble(alerts);
  const worst = alerts.filter((one) => troubleOf(one) === trouble);
  const [first] = worst;
  const ways = new Set(
    worst.map((one) => arrow(one.subject.source_location ?? '', one.subject.target_location ?? '')),
  );
  if (first === undefined) return sentenceOfCalls(alerts);
  if (ways.size === 2 && trouble === 'down' && first.subject.source === undefined)
    return `${a} and ${b} do not reach each other: both ways are down`;
  if (ways.size === 2 && trouble !== undefined)
    return `between ${a} and ${b} both ways ${does(trouble)}: ${first.summary}`;
  return first.summary;
}
