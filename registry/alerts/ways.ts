import type { RuleName } from '@netring/contract/alert';
import type { AlertMemory } from './alert-state.ts';
import type { Cause } from './causes.ts';
import { wayKey, type Ground } from './ground.ts';

/** `reach`: whether and how well it is reached; `rates`: how much it carries; `external`: targets outside. */
export type Family = 'reach' | 'rates' | 'external';

/** The ways between locations that are measured, and which of them are in trouble. */
export interface Ways {
  /** Locations with two others at least, all of whose ways, both to and from them, are in trouble. */
  locations(): string[];
  /** All ways to, or from, a location are in trouble, and there are two at least. By a key of the cause. */
  directions(): Map<string, Cause>;
  /** How many of the alerts left are on a way of this family to or from a location. */
  countTouching(location: string, left: ReadonlyMap<string, AlertMemory>): number;
  /** How many different ways of this family the alerts left are on that `which` lets through. */
  count(which: (one: AlertMemory) => boolean, left: ReadonlyMap<string, AlertMemory>): number;
  touches(one: AlertMemory, location: string): boolean;
  /** Whether a cause that this family shows takes this alert along: a lack of bandwidth explains no cut. */
  covers(one: AlertMemory): boolean;
}

const reachRules: readonly RuleName[] = [
  'connectivity_down',
  'loss',
  'latency_above_baseline',
  'high_hop_latency',
];

/** Looks at the alerts of one family on the ground that it is measured on. */
export function createWays(family: Family, alerts: readonly AlertMemory[], ground: Ground): Ways {
  const external = family === 'external';
  const isOurs = ({ rule, subject }: AlertMemory) =>
    subject.source_location !== undefined &&
    (subject.external === true) === external &&
    subject.source_location !== subject.target_location &&
    // One member of several is no trouble of the whole way.
    (subject.source === undefined || external) &&
    (family === 'rates' ? rule === 'low_bandwidth' : reachRules.includes(rule));
  const since = new Map<string, number>();
  for (const one of alerts.filter(isOurs)) {
    const key = keyOf(one);
    since.set(key, Math.min(since.get(key) ?? Infinity, one.pendingSinceMs));
  }
  const measured = groundOf(family, ground);
  /** A way of which nothing was heard since the way back is in trouble says nothing: its far end is cut off. */
  const speaks = ({ source, target, atMs }: (typeof measured)[number]) =>
    since.has(wayKey(source, target)) || atMs >= (since.get(wayKey(target, source)) ?? -Infinity);
  const ways = measured.filter(speaks);
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
        return all.every(isBad) && new Set(all.map((key) => otherEnd(key, name))).size >= 2;
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
    countTouching: (location, left) => countOf((one) => touches(one, location), left),
    count: countOf,
    touches,
    covers: ({ rule }) => family !== 'rates' || rule === 'low_bandwidth',
  };
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
  for (const [key, way] of known) found.set(end(way), [...(found.get(end(way)) ?? []), key]);
  return found;
}

function keyOf({ subject }: AlertMemory): string {
  return wayKey(subject.source_location ?? '', subject.target_location ?? '');
}

function otherEnd(key: string, name: string): string | undefined {
  const ends = JSON.parse(key) as [string, string];
  return ends.find((end) => end !== name);
}
