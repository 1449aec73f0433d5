import type { Incident } from '@netring/contract/alert';
import type { IncidentCrossing } from '@netring/contract/crossing';
import type { GraphDependency } from '@netring/contract/graph';
import type { DependencyFacts } from '../facts.ts';

/** A dependency of the live graph, as far as it is asked where it runs. */
export interface Crossed {
  view: Pick<GraphDependency, 'activity' | 'path'>;
  facts: Pick<DependencyFacts, 'source' | 'target' | 'memberPairs'>;
}

type Cause = Incident['cause'];

/** A sentence names no more. */
const mostNamed = 3;

/**
 * The dependencies that run over what an incident is about, counted, with the services that call. A pure function;
 * `undefined` when there is none, or the cause is no place that traffic runs over.
 */
export function crossingOf(cause: Cause, all: Iterable<Crossed>): IncidentCrossing | undefined {
  const crosses = crossesOf(cause);
  if (crosses === undefined) return undefined;
  const found = [...all].filter(crosses);
  // A ghost holds its place for a while; what still runs counts alone where there is any.
  const present = found.filter(({ view }) => view.activity !== 'gone');
  const counted = present.length > 0 ? present : found;
  if (counted.length === 0) return undefined;
  const names = callersOf(counted);
  return {
    dependencies: counted.length,
    services: names.slice(0, mostNamed),
    more_services: Math.max(0, names.length - mostNamed),
    now: present.length > 0,
  };
}

/** Which dependencies run over the place. Requests go one way and answers the other: a path is crossed both ways. */
function crossesOf({ kind, subject }: Cause): ((one: Crossed) => boolean) | undefined {
  const { source_location, target_location, location, instance_id, hop_ip, external } = subject;
  if (external === true) return undefined;
  switch (kind) {
    case 'location':
      return ({ facts }) => touches(facts, location);
    case 'direction':
      return ({ facts }) => touches(facts, target_location ?? source_location);
    case 'location_pair':
      return ({ facts: { source, target } }) =>
        (source.location === source_location && target.location === target_location) ||
        (source.location === target_location && target.location === source_location);
    case 'hop':
      return ({ view }) => hop_ip !== undefined && view.path.worst_step?.ip === hop_ip;
    case 'member':
      return ({ facts }) =>
        facts.memberPairs.some(
          ({ source, target }) => source !== target && (source === instance_id || target === instance_id),
        );
    case 'registry':
    case 'service':
      return undefined;
  }
}

/** Whether it runs between a location and another place. */
function touches({ source, target }: Crossed['facts'], location: string | undefined): boolean {
  if (location === undefined || source.location === target.location) return false;
  return source.location === location || target.location === location;
}

/** Those with most dependencies first; what discovery has found before what has an address for a name. */
function callersOf(crossed: readonly Crossed[]): string[] {
  const callers = new Map<string, { count: number; isKnown: boolean }>();
  for (const { source } of crossed.map(({ facts }) => facts)) {
    const before = callers.get(source.name);
    const isKnown = source.kind === 'service' || before?.isKnown === true;
    callers.set(source.name, { count: (before?.count ?? 0) + 1, isKnown });
  }
  return [...callers]
    .sort(
      ([a, one], [b, other]) =>
        Number(other.isKnown) - Number(one.isKnown) || other.count - one.count || (a < b ? -1 : 1),
    )
    .map(([name]) => name);
}
