import { ruleNames, type RuleName } from '@netring/contract/alert';
import type { AlertMemory } from './alert-state.ts';
import type { Cause } from './causes.ts';
import { dependencyRules } from './graph-rules.ts';
import { wayKey, type Ground } from './ground.ts';

/** Kinds of trouble that are looked at by themselves, the worst first: a site that is slow is not one that is cut off. */
export type Family = 'down' | 'lossy' | 'slow' | 'rates' | 'external';

/** The ways between locations that are measured, and which of them are in trouble. */
export interface Ways {
  /** Locations all of whose ways, both to and from them, are in trouble. */
  locations(): string[];
  /** All ways to, or from, a location are in trouble, and there are two at least. By a key of the cause. */
  directions(): Map<string, Cause>;
  /** How many ways of this family to or from a location the alerts left are on; 0 unless to two others at least. */
  countTouching(location: string, left: ReadonlyMap<string, AlertMemory>): number;
  /** How many different ways of this family the alerts left are on that `which` lets through. */
  count(which: (one: AlertMemory) => boolean, left: ReadonlyMap<string, AlertMemory>): number;
  touches(one: AlertMemory, location: string): boolean;
  /** Whether a cause that this family shows takes this alert along: a lack of bandwidth explains no cut. */
  covers(one: AlertMemory): boolean;
}

interface Rules {
  /** What such trouble is. */
  own: readonly RuleName[];
  /** A way in worse trouble says nothing of this one. */
  worse: readonly RuleName[];
  /** Alerts that go along with it. */
  covers: readonly RuleName[];
}

const slow: readonly RuleName[] = ['latency_above_baseline', 'high_hop_latency'];
const cut: readonly RuleName[] = ['connectivity_down', 'loss'];
const families: Record<Family, Rules> = {
  down: { own: ['connectivity_down'], worse: [], covers: ruleNames },
  // A link that loses much is down at times.
  lossy: { own: cut, worse: [], covers: ruleNames },
  slow: { own: slow, worse: cut, covers: [...slow, 'low_bandwidth', 'route_changed', ...dependencyRules] },
  rates: { own: ['low_bandwidth'], worse: cut, covers: ['low_bandwidth'] },
  external: { own: [...cut, ...slow], worse: [], covers: ruleNames },
};

/** Whether a trouble of this family is among the alerts. */
export function isIn(family: Family, alerts: Iterable<AlertMemory>): boolean {
  return [...alerts].some(({ rule }) => families[family].own.includes(rule));
}

/** Looks at the alerts of one family on the ground that it is measured on. */
export function createWays(family: Family, alerts: readonly AlertMemory[], ground: Ground): Ways {
  const external = family === 'external';
  const { own, worse, covers } = families[family];
  const isOn = ({ subject }: AlertMemory) =>
    subject.source_location !== undefined &&
    subject.dependency === undefined &&
    (subject.external === true) === external &&
    subject.source_location !== subject.target_location &&
    // One member of several is no trouble of the whole way.
    (subject.source === undefined || external);
  const shared = sharedSteps(alerts.filter(isOn));
  // A long step of one path alone is no trouble of its whole site.
  const isStep = ({ rule, subject }: AlertMemory) =>
    rule === 'high_hop_latency' && !external && !shared.has(subject.hop_ip ?? '');
  const isOurs = (one: AlertMemory) => isOn(one) && own.includes(one.rule) && !isStep(one);
  const excused = new Set(alerts.filter((one) => isOn(one) && worse.includes(one.rule)).map(keyOf));
  const since = new Map<string, number>();
  for (const one of alerts.filter(isOurs)) {
    const key = keyOf(one);
    since.set(key, Math.min(since.get(key) ?? Infinity, one.pendingSinceMs));
  }
  const measured = groundOf(family, ground);
  /** A way of which nothing was heard since the way back is in trouble says nothing: its far end is cut off. */
  const speaks = ({ source, target, atMs }: (typeof measured)[number]) =>
    since.has(wayKey(source, target)) || atMs >= (since.get(wayKey(target, source)) ?? -Infinity);
  const ways = measured.filter((way) => speaks(way) && !excused.has(wayKey(way.source, way.target)));
  // What is in trouble is known, also when nothing is measured any more.
  const known = new Map(ways.map((way) => [wayKey(way.source, way.target), way]));
  for (const key of since.keys()) {
    const [source, target] = JSON.parse(key) as [string, string];
    known.set(key, { source, target, atMs: 0 });
  }
  const isBad = (key: string) => since.has(key);
  const to = gather(known, ({ target }) => target);
  const from = gather(known, ({ source }) => source);

  const countOf: Ways['count'] = (which, left) =>
    new Set([...left.values()].filter((one) => isOurs(one) && which(one)).map(keyOf)).size;
  const touches: Ways['touches'] = ({ subject }, location) =>
    subject.source_location === location || subject.target_location === location;
  return {
    locations() {
      if (external) return [];
      const names = [...new Set([...to.keys(), ...from.keys()])];
      return names.filter((name) => {
        const all = [...(to.get(name) ?? []), ...(from.get(name) ?? [])];
        return all.every(isBad);
      });
    },
    directions() {
      const causes = new Map<string, Cause>();
      const subject = (end: object) => (external ? { ...end, external } : end);
      for (const [name, keys] of to)
        if (keys.length >= 2 && keys.every(isBad))
          causes.set(`to ${name}`, { kind: 'direction', subject: subject({ target_location: name }) });
      if (external) return causes;
      for (const [name, keys] of from)
        if (keys.length >= 2 && keys.every(isBad))
          causes.set(`from ${name}`, { kind: 'direction', subject: { source_location: name } });
      return causes;
    },
    countTouching(location, left) {
      const touching = [...left.values()].filter((one) => isOurs(one) && touches(one, location)).map(keyOf);
      const others = new Set(touching.map((key) => otherEnd(key, location)));
      return others.size < 2 ? 0 : new Set(touching).size;
    },
    count: countOf,
    touches,
    covers: ({ rule }) => covers.includes(rule),
  };
}

/** Routers that are the slow step of two ways at least. */
function sharedSteps(alerts: readonly AlertMemory[]): Set<string> {
  const waysOf = new Map<string, Set<string>>();
  for (const one of alerts) {
    const { hop_ip } = one.subject;
    if (one.rule !== 'high_hop_latency' || hop_ip === undefined) continue;
    waysOf.set(hop_ip, (waysOf.get(hop_ip) ?? new Set<string>()).add(keyOf(one)));
  }
  return new Set([...waysOf].filter(([, ways]) => ways.size > 1).map(([ip]) => ip));
}

function groundOf(family: Family, { paths, external, rates }: Ground): Ground['paths'] {
  if (family === 'rates') return rates;
  return family === 'external' ? external : paths;
}

function gather(
  known: ReadonlyMap<string, { source: string; target: string }>,
  end: (way: { source: string; target: string }) => string,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [key, way] of known) {
    const keys = found.get(end(way));
    if (keys === undefined) found.set(end(way), [key]);
    else keys.push(key);
  }
  return found;
}

function keyOf({ subject }: AlertMemory): string {
  return wayKey(subject.source_location ?? '', subject.target_location ?? '');
}

function otherEnd(key: string, name: string): string | undefined {
  const ends = JSON.parse(key) as [string, string];
  return ends.find((end) => end !== name);
}
