import type { GraphEvent } from '@netring/contract/topology';
import { appended, type ChangeEntry, type Fold } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import type { Edge } from './drawing/index.ts';

/** What came into the graph and what went, kept and bounded; and when each dependency was first seen. */
export interface News extends Fold {
  /** Newest first. */
  events(): readonly GraphEvent[];
  firstSeenMs(dependency: string): number | undefined;
  /** Looks for what is new or lost. The leader's duty. */
  look(
    store: Store,
    seen: { edges: readonly Edge[]; isWhole: boolean },
    nowMs: number,
    isLive: (member: string) => boolean,
  ): Promise<void>;
}

/** What is known, by the id of the dependency. Services follow from it. */
export interface KnownGraph {
  /** When anything was known for the first time: what is there then is not new. */
  sinceMs: number;
  /** When somebody looked last, as far as it was written down. */
  lookedMs?: number;
  dependencies: Record<string, KnownDependency>;
  events: GraphEvent[];
}

interface KnownDependency {
  source: string;
  target: string;
  protocol: string;
  firstMs: number;
  lastMs: number;
  /** Some members that saw it; while none of them speaks it is not lost, but unseen. */
  members?: string[];
}

/** A graph that is seen for the first time is learned for so long before anything counts as new. */
const learningMs = 120_000;
/** As long as its ghost is shown. */
const lostAfterMs = 15 * 60_000;
/** What nobody watches any more is forgotten after a day, and was not lost. */
const unseenKeptMs = 24 * 3_600_000;
const mostMembers = 4;
const mostEvents = 500;
const mostDependencies = 20_000;
/** When it was seen last is written down this often: the store's value is some hundred kB at most. */
const noteEveryMs = 60_000;

const group = 'graph-news';
const key = 'known';
const kind = 'graph_news';

export function createNews(): News {
  let known: KnownGraph | undefined;
  let notedMs = -Infinity;

  async function read(store: Store): Promise<void> {
    const value = await store.table.get(group, key);
    known = value === undefined ? undefined : (JSON.parse(value.toString()) as KnownGraph);
  }

  return {
    load: read,
    async apply(entries: readonly ChangeEntry[], store) {
      if (entries.some((entry) => entry.kind === kind)) await read(store);
    },
    events: () => known?.events ?? [],
    firstSeenMs: (id) => known?.dependencies[id]?.firstMs,
    async look(store, { edges, isWhole }, nowMs, isLive) {
      if (known === undefined && edges.length === 0) return;
      const next = step(known, edges, nowMs, isLive, isWhole);
      if (!next.isNews && nowMs - notedMs < noteEveryMs) return;
      notedMs = nowMs;
      known = next.known;
      await store.commit({
        put: [{ group, key, value: JSON.stringify(known), ttlMs: 7 * 24 * 3_600_000 }],
        append: appended({ kind }),
      });
    },
  };
}

/**
 * What is known after a look: a pure function.
 *
 * @param isWhole nothing is beyond the bound of the picture; else what is not in it may be there all the same
 */
export function step(
  before: KnownGraph | undefined,
  edges: readonly Edge[],
  nowMs: number,
  isLive: (member: string) => boolean = () => true,
  isWhole = true,
): { known: KnownGraph; isNews: boolean } {
  const sinceMs = before?.sinceMs ?? nowMs;
  const isLearning = nowMs - sinceMs < learningMs;
  // While no registry was there nobody looked: what was not seen then is not lost by it.
  const unseenMs =
    before?.lookedMs === undefined ? 0 : Math.max(0, nowMs - before.lookedMs - 2 * noteEveryMs);
  const dependencies = { ...before?.dependencies };
  const services = servicesOf(dependencies);
  const events: GraphEvent[] = [];
  let isNews = before === undefined;
  let count = Object.keys(dependencies).length;
  for (const { view, firstSeenMs, lastSeenMs } of edges) {
    const { id, source_service: source, target_service: target, protocol } = view;
    const one = dependencies[id];
    const members = view.seen_by.slice(0, mostMembers).map(({ member }) => member);
    if (one !== undefined) {
      const isNewer = lastSeenMs > one.lastMs;
      if (isNewer) dependencies[id] = { ...one, lastMs: lastSeenMs, members };
      continue;
    }
    if (count >= mostDependencies) continue;
    count++;
    dependencies[id] = { source, target, protocol, firstMs: firstSeenMs, lastMs: lastSeenMs, members };
    isNews = true;
    if (isLearning) continue;
    const ends = { source_service: source, target_service: target, protocol };
    for (const service of [source, target])
      if (!services.has(service)) events.push({ at_ms: nowMs, kind: 'service', change: 'new', id: service });
    events.push({ at_ms: nowMs, kind: 'dependency', change: 'new', id, ...ends });
    services.add(source).add(target);
  }
  for (const [id, one] of Object.entries(dependencies)) {
    const lastMs = Math.min(nowMs, one.lastMs + unseenMs);
    if (unseenMs > 0) dependencies[id] = { ...one, lastMs };
    if (lastMs >= nowMs - lostAfterMs) continue;
    const isWatched = isWhole && (one.members === undefined || one.members.some(isLive));
    if (!isWatched && lastMs >= nowMs - unseenKeptMs) continue;
    delete dependencies[id];
    isNews = true;
    if (!isWatched) {
      services.delete(one.source);
      services.delete(one.target);
      continue;
    }
    const { source: source_service, target: target_service, protocol } = one;
    events.push({
      at_ms: nowMs,
      kind: 'dependency',
      change: 'lost',
      id,
      source_service,
      target_service,
      protocol,
    });
  }
  const left = servicesOf(dependencies);
  for (const id of services)
    if (!left.has(id)) events.push({ at_ms: nowMs, kind: 'service', change: 'lost', id });
  const all = bounded([...events.reverse(), ...(before?.events ?? [])]);
  return { known: { sinceMs, lookedMs: nowMs, dependencies, events: all }, isNews };
}

/** The newest events. Those of addresses that no member claims, which strangers can make many of, take half of the room at most. */
function bounded(events: readonly GraphEvent[]): GraphEvent[] {
  let outside = 0;
  return events.filter((one) => !isOutside(one) || ++outside <= mostEvents / 2).slice(0, mostEvents);
}

function isOutside(event: GraphEvent): boolean {
  const ends = event.kind === 'service' ? [event.id] : [event.source_service, event.target_service];
  return ends.some((id) => id?.startsWith('external:'));
}

function servicesOf(dependencies: Readonly<Record<string, KnownDependency>>): Set<string> {
  return new Set(Object.values(dependencies).flatMap(({ source, target }) => [source, target]));
}
