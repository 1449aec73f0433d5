import type { RouteSummary } from '@netring/contract/path';
import type { KeptTrace, RouteChange, TracesOfPath } from '@netring/contract/trace';
import type { ChangeEntry, Fold } from '../changes/index.ts';
import type { Directory } from '../membership/index.ts';
import type { Store } from '../store/index.ts';
import { summaryOf, type PathRoutes } from './path-routes.ts';

/** The routes room's entry of the change log: a trace of this path was taken. */
export interface TraceChange {
  kind: 'trace';
  source: string;
  target: string;
  /** The trace. */
  id: string;
}

/** The other entry: the routes of these paths were removed, since nobody measures them any more. */
export interface RoutesGoneChange {
  kind: 'routes_gone';
  source: string;
  targets: string[];
}

/** A trace that came in, and the change of route that it shows. */
export interface RouteEvent {
  trace: KeptTrace;
  change?: RouteChange;
}

/** The routes of all paths: the fold of what was put into the store. */
export interface RouteBook extends Fold {
  all(): Iterable<{ source: string; target: string; text: string; routes: PathRoutes }>;
  /** As it stands in the store, to change it only if nobody else has. */
  stored(source: string, target: string): { text: string; routes: PathRoutes } | undefined;
  /** Notes what this replica has put there itself. */
  note(source: string, target: string, text: string): void;
  routeOf(source: string, target: string): RouteSummary | undefined;
  tracesOf(source: string, target: string): TracesOfPath;
  changesOf(source: string, target: string): readonly RouteChange[];
  /** The trace that a task asked for, once it is there. */
  ofTask(task: string): KeptTrace | undefined;
  /** Resolves when that trace is there, or after `limitMs`. */
  awaitTask(task: string, limitMs: number): Promise<KeptTrace | undefined>;
  /** Whether an address answers on a route that is known, now or before it changed. */
  hasHop(address: string): boolean;
  /** Called with every trace that comes in, on every replica. */
  onTrace(listener: (event: RouteEvent) => void): void;
}

export function routesGroup(source: string): string {
  return `routes:${source}`;
}

interface Entry {
  text: string;
  routes: PathRoutes;
  /** Made once, since the picture asks for it all the time. */
  summary: RouteSummary | undefined;
}

/** Traces that tasks asked for, remembered for who asks late. */
const mostTasks = 256;

export function createRouteBook(directory: Directory): RouteBook {
  let bySource = new Map<string, Map<string, Entry>>();
  const byTask = new Map<string, KeptTrace>();
  const listeners = new Set<(event: RouteEvent) => void>();

  const get = (source: string, target: string) => bySource.get(source)?.get(target);
  const set = (source: string, target: string, text: string) => {
    const routes = JSON.parse(text) as PathRoutes;
    const targets = bySource.get(source) ?? new Map<string, Entry>();
    bySource.set(source, targets.set(target, { text, routes, summary: summaryOf(routes) }));
    for (const trace of [routes.latest, routes.voided]) if (trace !== undefined) noteTask(trace);
    return routes;
  };
  const noteTask = (trace: KeptTrace) => {
    if (trace.task === undefined || byTask.has(trace.task)) return;
    byTask.set(trace.task, trace);
    if (byTask.size > mostTasks) byTask.delete(byTask.keys().next().value as string);
  };
  const tell = ({ id }: TraceChange, routes: PathRoutes) => {
    const trace = [routes.latest, routes.voided].find((one) => one?.id === id);
    if (trace === undefined) return;
    const change = routes.changes.find((one) => one.after.id === id);
    const event = { trace, ...(change !== undefined && { change }) };
    for (const listener of [...listeners]) listener(event);
  };

  return {
    async load(store) {
      bySource = new Map();
      for (const { record } of directory.all()) {
        const stored = await store.table.list(routesGroup(record.instance_id));
        for (const [target, value] of stored) set(record.instance_id, target, value.toString());
      }
    },
    async apply(entries, store) {
      const traces = entries.filter(isTrace);
      const values = await newest(store, traces);
      traces.forEach((entry, at) => {
        const text = values[at]?.toString();
        if (text !== undefined) tell(entry, set(entry.source, entry.target, text));
      });
      const removed = entries.filter(isRoutesGone).flatMap(pathsOf);
      // As the store has it: one that was traced again since is there again.
      const found = await newest(store, removed);
      removed.forEach(({ source, target }, at) => {
        if (found[at] === undefined) bySource.get(source)?.delete(target);
      });
      for (const entry of entries) for (const id of goneIn(entry)) drop(id);
    },
    *all() {
      for (const [source, targets] of bySource)
        for (const [target, { text, routes }] of targets) yield { source, target, text, routes };
    },
    stored: get,
    note: (source, target, text) => void set(source, target, text),
    routeOf: (source, target) => get(source, target)?.summary,
    tracesOf(source, target) {
      const { latest, lastGood } = get(source, target)?.routes ?? {};
      return { ...(latest && { latest }), ...(lastGood && { last_good: lastGood }) };
    },
    changesOf: (source, target) => get(source, target)?.routes.changes ?? [],
    ofTask: (task) => byTask.get(task),
    awaitTask: (task, limitMs) =>
      new Promise((resolve) => {
        const done = () => {
          clearTimeout(limit);
          listeners.delete(look);
          resolve(byTask.get(task));
        };
        const look = () => {
          if (byTask.has(task)) done();
        };
        const limit = setTimeout(done, limitMs);
        listeners.add(look);
        look();
      }),
    onTrace: (listener) => void listeners.add(listener),
    hasHop(address) {
      for (const targets of bySource.values())
        for (const { routes } of targets.values()) if (hopsOf(routes).has(address)) return true;
      return false;
    },
  };

  function drop(id: string): void {
    bySource.delete(id);
    for (const targets of bySource.values()) targets.delete(id);
  }
}

function hopsOf({ latest, lastGood, changes }: PathRoutes): Set<string> {
  const traces = [latest, lastGood, ...changes.flatMap(({ before, after }) => [before, after])];
  return new Set(
    traces.flatMap((trace) => trace?.hops.flatMap(({ answers }) => answers.map(({ ip }) => ip)) ?? []),
  );
}

function isTrace(entry: ChangeEntry): entry is TraceChange {
  return entry.kind === 'trace';
}

function isRoutesGone(entry: ChangeEntry): entry is RoutesGoneChange {
  return entry.kind === 'routes_gone';
}

function pathsOf({ source, targets }: RoutesGoneChange): { source: string; target: string }[] {
  return targets.map((target) => ({ source, target }));
}

function newest(
  store: Store,
  entries: readonly Pick<TraceChange, 'source' | 'target'>[],
): Promise<(Buffer | undefined)[]> {
  return store.table.getMany(
    entries.map(({ source, target }) => ({ group: routesGroup(source), key: target })),
  );
}

/** Members that said goodbye or are kept no longer. */
function goneIn(entry: ChangeEntry): string[] {
  if (entry.kind === 'forgotten') return (entry as ChangeEntry & { ids: string[] }).ids;
  if (entry.kind !== 'member') return [];
  const { record } = entry as ChangeEntry & { record: { instance_id: string; deregistered_at_ms?: number } };
  return record.deregistered_at_ms === undefined ? [] : [record.instance_id];
}
