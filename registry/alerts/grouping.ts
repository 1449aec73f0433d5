import type { AlertMemory } from './alert-state.ts';
import { explains, isByNetwork, isSilence, pairCause, type Cause } from './causes.ts';
import { isNews, isOfDependency } from './graph-rules.ts';
import { wayKey, type Ground } from './ground.ts';
import { createWays, isIn, type Ways } from './ways.ts';

/** Alerts that one cause explains. */
export interface Group {
  cause: Cause;
  alerts: AlertMemory[];
}

/**
 * Sorts alerts by what brings them about, the widest cause first: a site, a direction, a router, the registry, a member,
 * a pair. A pure function; no alert is in two groups, and every one is in one. The order of the alerts means nothing.
 */
export function groupByCause(alerts: readonly AlertMemory[], ground: Ground): Group[] {
  const left = new Map([...alerts].sort((a, b) => (a.id < b.id ? -1 : 1)).map((one) => [one.id, one]));
  const groups: Group[] = [];
  const take = (cause: Cause, which: (one: AlertMemory) => boolean = () => true) => {
    const taken = [...left.values()].filter((one) => explains(cause, one) && which(one));
    for (const { id } of taken) left.delete(id);
    if (taken.length > 0) groups.push({ cause, alerts: taken });
  };
  for (const family of ['down', 'lossy', 'slow', 'rates', 'external'] as const) {
    if (!isIn(family, left.values())) continue;
    const ways = createWays(family, alerts, ground);
    takeLocations(ways, left, ground, { take, isCut: family === 'down' });
    takeDirections(ways, left, take);
  }
  takeHops(left, take);
  takeRegistry(left, ground, take);
  takeMembers(left, ground, take);
  for (const one of [...left.values()]) if (left.has(one.id)) take(causeOfOne(one));
  return groups.map(bothWays);
}

type Take = (cause: Cause, which?: (one: AlertMemory) => boolean) => void;
type Left = ReadonlyMap<string, AlertMemory>;

/**
 * Sites all of whose paths are in trouble; the one that explains most first. One that is cut off also explains that
 * nothing is heard from it; one that is slow does not.
 */
function takeLocations(
  ways: Ways,
  left: Left,
  ground: Ground,
  { take, isCut }: { take: Take; isCut: boolean },
): void {
  for (;;) {
    const best = mostOf(ways.locations(), (name) => ways.countTouching(name, left));
    if (best === undefined) return;
    take({ kind: 'location', subject: { location: best } }, (one) => {
      if (one.rule === 'registry_deaf') return isCut && isOf(one, best, ground);
      return one.subject.location === undefined ? ways.covers(one) : isCut;
    });
  }
}

/** Whether a registry that hears nobody is what one site's cut looks like: that site is silent, or all that is heard. */
function isOf(deaf: AlertMemory, location: string, { members }: Ground): boolean {
  const silent = new Set(deaf.members);
  const locationsOf = (wanted: boolean) =>
    new Set(members.filter(({ id }) => silent.has(id) === wanted).map((one) => one.location));
  return [locationsOf(true), locationsOf(false)].some((set) => set.size === 1 && set.has(location));
}

/** Sites that are in trouble one way only, and external targets that several sites do not reach. */
function takeDirections(ways: Ways, left: Left, take: Take): void {
  for (;;) {
    const candidates = ways.directions();
    const best = mostOf([...candidates.keys()], (key) => {
      const cause = candidates.get(key);
      return cause === undefined ? 0 : ways.count((one) => explains(cause, one), left);
    });
    const cause = best === undefined ? undefined : candidates.get(best);
    // A single way is a pair.
    if (cause === undefined || ways.count((one) => explains(cause, one), left) < 2) return;
    take(cause, (one) => ways.covers(one));
  }
}

/** Routers at which the worst step of several paths is. */
function takeHops(left: Left, take: Take): void {
  const waysOf = new Map<string, Set<string>>();
  for (const { rule, subject, blame } of left.values()) {
    // A verdict names a hop by a trace that was made since the trouble began.
    const isNamed = rule === 'high_hop_latency' || (isOfDependency(rule) && isByNetwork({ subject, blame }));
    if (!isNamed || subject.hop_ip === undefined) continue;
    const ways = waysOf.get(subject.hop_ip) ?? new Set();
    waysOf.set(subject.hop_ip, ways.add(wayOf(subject)));
  }
  for (const [hop_ip, ways] of [...waysOf].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (ways.size < 2) continue;
    take({ kind: 'hop', subject: { hop_ip } }, ({ rule, subject }) =>
      rule === 'high_hop_latency' || subject.hop_ip !== undefined
        ? subject.hop_ip === hop_ip
        : ways.has(wayOf(subject)),
    );
  }
}

function wayOf({ source_location = '', target_location = '' }: AlertMemory['subject']): string {
  return wayKey(source_location, target_location);
}

/** What the registry does not hear, unless the one path to there is down: then it is that. */
function takeRegistry(left: Left, ground: Ground, take: Take): void {
  const deaf = [...left.values()].find(({ rule }) => rule === 'registry_deaf');
  if (deaf === undefined) return;
  const silent = new Set(deaf.members);
  const cut = cutPairOf(deaf, left, ground);
  if (cut !== undefined) return take(cut);
  take(
    { kind: 'registry', subject: {} },
    ({ rule, subject }) =>
      rule === 'registry_deaf' || (isSilence(rule) && silent.has(subject.instance_id ?? '')),
  );
}

/** The pair of sites between which everything is down, one of which is all that is heard, and the other all that is silent. */
function cutPairOf(deaf: AlertMemory, left: Left, { members }: Ground): Cause | undefined {
  const silent = new Set(deaf.members);
  const locationsOf = (wanted: boolean) => [
    ...new Set(members.filter(({ id }) => silent.has(id) === wanted).map((one) => one.location)),
  ];
  const [[near, ...nearer], [far, ...farther]] = [locationsOf(false), locationsOf(true)];
  if (near === undefined || far === undefined || nearer.length + farther.length > 0) return undefined;
  const isBetween = ({ rule, subject }: AlertMemory) =>
    rule === 'connectivity_down' &&
    subject.source === undefined &&
    subject.source_location === near &&
    subject.target_location === far;
  const down = [...left.values()].find(isBetween);
  return down === undefined ? undefined : pairCause(down.subject);
}

/** Members that are silent, then those that several others do not reach. */
function takeMembers(left: Left, ground: Ground, take: Take): void {
  for (const { rule, subject } of [...left.values()]) {
    const { instance_id = '', location = '' } = subject;
    if (!isSilence(rule)) continue;
    const isOnly = ground.members.every((one) => one.id === instance_id || one.location !== location);
    const cause: Cause = { kind: 'member', subject: { location, instance_id } };
    take(cause, (one) =>
      [one.subject.instance_id, one.subject.source, one.subject.target].includes(instance_id)
        ? true
        : isOnly && rule === 'member_down' && one.rule === 'connectivity_down',
    );
  }
  for (;;) {
    const others = otherEnds(left);
    const best = mostOf([...others.keys()], (id) => others.get(id)?.size ?? 0);
    if (best === undefined || (others.get(best)?.size ?? 0) < 2) return;
    const location = ground.members.find(({ id }) => id === best)?.location;
    const subject = { ...(location === undefined ? {} : { location }), instance_id: best };
    take({ kind: 'member', subject }, (one) => one.subject.source !== undefined);
  }
}

/** Of each member, the members that it does not reach or that do not reach it. */
function otherEnds(left: Left): Map<string, Set<string>> {
  const others = new Map<string, Set<string>>();
  for (const { rule, subject } of left.values()) {
    const { source, target, external } = subject;
    if (rule !== 'connectivity_down' || source === undefined || target === undefined) continue;
    others.set(source, (others.get(source) ?? new Set<string>()).add(target));
    if (external !== true) others.set(target, (others.get(target) ?? new Set<string>()).add(source));
  }
  return others;
}

/** A pair that is in trouble both ways has no first end: it is named by the alphabet. */
function bothWays(group: Group): Group {
  const { cause, alerts } = group;
  const { source_location: a = '', target_location: b = '', external } = cause.subject;
  const isBoth = alerts.some(({ subject }) => subject.source_location === b);
  if (cause.kind !== 'location_pair' || external === true || !isBoth || a <= b) return group;
  return { ...group, cause: { ...cause, subject: { source_location: b, target_location: a } } };
}

function causeOfOne(one: AlertMemory): Cause {
  const { service, target_service } = one.subject;
  if (isOfDependency(one.rule) ? !isByNetwork(one) : isNews(one.rule))
    return { kind: 'service', subject: { service: service ?? target_service ?? '' } };
  const { location, instance_id } = one.subject;
  if (one.subject.source_location !== undefined) return pairCause(one.subject);
  const subject = { ...(location && { location }), ...(instance_id && { instance_id }) };
  return { kind: instance_id === undefined ? 'registry' : 'member', subject };
}

/** The name with the highest count above zero; of equals the first by name. */
function mostOf(names: readonly string[], count: (name: string) => number): string | undefined {
  let best: string | undefined;
  let most = 0;
  for (const name of [...names].sort()) {
    const found = count(name);
    if (found > most) [best, most] = [name, found];
  }
  return best;
}
