import type { GraphDependency, GraphService } from '@netring/contract/graph';
import { areaKeyOf, called, callers } from './area-key.ts';
import { isTroubled } from './trouble.ts';

/** Fewer strangers than this are shown each. */
const leastFolded = 4;

/** What is folded: by service, the one that stands for it. */
export interface Fold {
  services: readonly GraphService[];
  /** The one that stands for a service on the map: itself, where it is not folded. */
  standsFor: (id: string) => string;
  /** Areas in which something is folded. */
  areas: ReadonlySet<string>;
}

/**
 * Many outside of all locations are one card, `External ×27`. Whoever is in trouble stands for itself, and so does what
 * is not resolved.
 */
export function foldOutside(
  services: readonly GraphService[],
  dependencies: readonly GraphDependency[],
  unfolded: boolean,
): Fold {
  const nothing: Fold = { services, standsFor: (id: string) => id, areas: new Set<string>() };
  if (unfolded) return nothing;
  const strangers = services.filter((one) => one.location === undefined && one.kind === 'external');
  if (strangers.length < leastFolded) return nothing;
  const troubled = new Set<string>();
  for (const one of dependencies)
    if (isTroubled(one)) troubled.add(one.source_service).add(one.target_service);
  const into = new Map<string, string>();
  const made: GraphService[] = [];
  for (const area of [callers.key, called.key]) {
    const inside = strangers.filter((one) => areaKeyOf(one) === area && !troubled.has(one.service_id));
    const [first] = inside;
    if (first === undefined || inside.length < leastFolded) continue;
    const id = foldedId(area);
    for (const one of inside) into.set(one.service_id, id);
    made.push(standIn(id, first, inside));
  }
  return {
    services: [...services.filter((one) => !into.has(one.service_id)), ...made],
    standsFor: (id) => into.get(id) ?? id,
    areas: new Set(made.map(areaKeyOf)),
  };
}

/** No id of a service has a line break. */
const foldedPrefix = 'folded\n';

export function foldedId(area: string): string {
  return `${foldedPrefix}${area}`;
}

function standIn(id: string, like: GraphService, inside: readonly GraphService[]): GraphService {
  const activities = new Set(inside.map(({ activity }) => activity));
  const activity = activities.has('active') ? 'active' : activities.has('quiet') ? 'quiet' : 'gone';
  const isHealthy = inside.some(({ health }) => health === 'healthy');
  return {
    ...like,
    service_id: id,
    service_name: `External ×${inside.length}`,
    service_type: 'opens with a click',
    health: isHealthy ? 'healthy' : 'unknown',
    activity,
    metadata: { folded: inside.length },
  };
}

/** How many a stand-in stands for; `undefined` for what stands for itself. */
export function foldedCount({ service_id: id, metadata }: GraphService): number | undefined {
  return id.startsWith(foldedPrefix) ? Number(metadata['folded']) : undefined;
}
