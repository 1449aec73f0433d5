import type { GraphService } from '@netring/contract/graph';
import type { DependencyFacts, Judged } from '../facts.ts';
import { bestCell, totalOf, type Cell, type Gathered } from '../sums/index.ts';
import { dependencyId, drawDependency, factsOf, type Drawable, type DrawTimes } from './draw-dependency.ts';
import { drawService, endpointsOf, surroundings, type Edge } from './draw-service.ts';

/** What a picture may hold at most; what lies beyond is counted. */
export interface DrawBound {
  services: number;
  dependencies: number;
}

export interface DrawNeeds {
  judge(facts: DependencyFacts): Judged;
  /** When a dependency was first seen, also before the window. */
  firstSeenMs(id: string): number | undefined;
  bound: DrawBound;
}

/** The services and dependencies of a window. */
export interface Drawn {
  edges: Edge[];
  /** Requests that filters keep out, by filter. */
  hidden: Record<string, number>;
  observations: number;
  moreServices: number;
  moreDependencies: number;
}

/** The services that these dependencies are between. */
export function drawServices(edges: readonly Edge[], nowMs: number): GraphService[] {
  const around = surroundings(edges);
  const counted = new Map<string, number>();
  const behind = (id: string): number => {
    const known = counted.get(id);
    if (known !== undefined) return known;
    const one = around.get(id);
    const count = one === undefined ? 0 : endpointsOf(one.node, one.inbound).length;
    counted.set(id, count);
    return count;
  };
  return [...around.values()].map((one) => drawService(one, behind, nowMs));
}

/** Draws what was gathered: the busiest first where there is no room for all. */
export function drawGraph(
  all: readonly Gathered[],
  include: ReadonlySet<string>,
  times: DrawTimes,
  needs: DrawNeeds,
): Drawn {
  const hidden: Record<string, number> = Object.create(null) as Record<string, number>;
  const shown: Drawable[] = [];
  let observations = 0;
  for (const gathered of mergedFilters(all, include)) {
    const total = totalOf(gathered);
    const requests = Math.round((total.cells.get(bestCell(total.cells)) as Cell).counts.requests);
    if (gathered.filter !== undefined) {
      hidden[gathered.filter] = (hidden[gathered.filter] ?? 0) + requests;
      continue;
    }
    observations += requests;
    const id = dependencyId(total.source.id, total.target.id, total.protocol);
    shown.push({ gathered, total, id });
  }
  const { kept, moreServices } = withinBound(shown, needs.bound);
  const isMutual = mutual(kept);
  const edges = kept.map((one) => edgeOf(one, times, needs, isMutual));
  return {
    edges,
    hidden,
    observations,
    moreServices,
    moreDependencies: shown.length - kept.length,
  };
}

/** Traffic under a filter that is asked for is traffic like any other. */
function mergedFilters(all: readonly Gathered[], include: ReadonlySet<string>): Iterable<Gathered> {
  if (include.size === 0 || all.every(({ filter }) => filter === undefined)) return all;
  const merged = new Map<string, Gathered>();
  for (const one of all) {
    const filter = one.filter !== undefined && include.has(one.filter) ? undefined : one.filter;
    const key = `${one.source.id}\n${one.target.id}\n${one.protocol}\n${filter ?? ''}`;
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { ...one, key, filter, parts: [...one.parts] });
    else known.parts.push(...one.parts);
  }
  return merged.values();
}

export function edgeOf(
  one: Drawable,
  times: DrawTimes,
  needs: DrawNeeds,
  isMutual: (source: string, target: string) => boolean,
): Edge {
  const { total } = one;
  const firstSeenMs = Math.min(total.firstSeenMs, needs.firstSeenMs(one.id) ?? Infinity);
  const facts = factsOf(one, times.nowMs);
  const known = {
    firstSeenMs,
    isMutual: isMutual(total.source.id, total.target.id),
    judged: needs.judge(facts),
    facts,
  };
  const view = drawDependency(one, times, known);
  return {
    view,
    source: total.source,
    target: total.target,
    apiRequests: (total.cells.get(bestCell(total.cells)) as Cell).counts.api_requests,
    facts,
    counted: total,
    seenAt: [...total.seenAt.values()],
    lastSeenMs: total.lastSeenMs,
    firstSeenMs,
  };
}

/** Whether the callee calls the caller, too. */
export function mutual(all: Iterable<Drawable>): (source: string, target: string) => boolean {
  const pairs = new Set<string>();
  for (const { total } of all) pairs.add(`${total.source.id}\n${total.target.id}`);
  return (source, target) => source !== target && pairs.has(`${target}\n${source}`);
}

/** The busiest where there is no room for all. */
export function withinBound<T extends Drawable>(
  all: T[],
  bound: DrawBound,
): { kept: T[]; moreServices: number } {
  const ids = new Set(all.flatMap(({ total }) => [total.source.id, total.target.id]));
  if (all.length <= bound.dependencies && ids.size <= bound.services) return { kept: all, moreServices: 0 };
  const requests = ({ total }: T): number => (total.cells.get(bestCell(total.cells)) as Cell).counts.requests;
  const busiest = [...all].sort((a, b) => requests(b) - requests(a) || (a.id < b.id ? -1 : 1));
  const services = new Set<string>();
  const kept: T[] = [];
  for (const one of busiest) {
    if (kept.length >= bound.dependencies) break;
    const ends = [one.total.source.id, one.total.target.id].filter((id) => !services.has(id));
    if (services.size + ends.length > bound.services) continue;
    for (const id of ends) services.add(id);
    kept.push(one);
  }
  return { kept, moreServices: ids.size - services.size };
}
