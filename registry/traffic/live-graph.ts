import type {
  GraphAnswer,
  GraphChanged,
  GraphDependency,
  GraphService,
  Position,
} from '@netring/contract/graph';
import type { SourceHealth } from '@netring/contract/inventory';
import { activityOf } from '@netring/topology';
import { drawGraph, drawServices, iso, type DrawBound, type Drawn, type Edge } from './drawing/index.ts';
import type { Judge, Judged } from './facts.ts';
import type { Proofs, ResolvedRow } from './join/index.ts';
import { servicesById } from './questions.ts';
import type { Resolving } from './resolving.ts';
import { slotMs, type StateBook } from './states/index.ts';
import { gather, slotOf, type Slot } from './sums/index.ts';

/** The graph of the last minute, and what is remembered of the minutes before. */
export interface LiveGraph {
  /** Looks again when something has changed; what is different from what was told last. */
  refresh(nowMs: number): GraphChanged | undefined;
  answer(): GraphAnswer;
  /** The stretches of 10 s in memory that end after that moment, oldest first. */
  slots(fromMs: number): Slot[];
  /** The dependencies as they stand, with the quiet and gone ones. */
  edges(): readonly Edge[];
  /** Takes over what was in the graph before this replica looked. */
  remember(edges: readonly Edge[]): void;
  /** What is said of a dependency that stands in the graph. */
  judged(id: string): Judged | undefined;
}

export interface LiveNeeds {
  states: StateBook;
  resolving: Resolving;
  proofs: Proofs;
  judge: Judge;
  bound: DrawBound;
  positions(ids: Iterable<string>): Record<string, Position>;
  /** Another number whenever a position is. */
  positionsVersion(): number;
  sources(): (SourceHealth & { member: string })[];
  firstSeenMs(id: string): number | undefined;
}

export const liveMs = 60_000;
/** A ghost holds its place for so long after it was last seen: five minutes quiet, ten minutes gone. */
export const rememberedMs = 15 * 60_000;
/** Ages alone change what is active. */
const ageLookMs = 5_000;

interface Told {
  /** What is told at once when it changes. */
  structure: string;
  whole: string;
  atMs: number;
}

export function createLiveGraph(needs: LiveNeeds): LiveGraph {
  const { states, resolving, judge } = needs;
  const cached = new Map<number, { revision: number; version: string; slot: Slot }>();
  const remembered = new Map<string, Edge>();
  const told = { services: new Map<string, Told>(), dependencies: new Map<string, Told>() };
  let toldPositions = new Map<string, string>();
  let drawn: Drawn | undefined;
  let edges: readonly Edge[] = [];
  let services: GraphService[] = [];
  let lookedFrom = '';
  let lookedMs = -Infinity;
  let costMs = 0;
  let nowMs = 0;

  return {
    refresh,
    edges: () => edges,
    remember(before) {
      for (const edge of before) if (!remembered.has(edge.view.id)) remembered.set(edge.view.id, edge);
    },
    judged(id) {
      const view = remembered.get(id)?.view;
      return view === undefined ? undefined : { path: view.path, blame: view.blame };
    },
    slots: (fromMs) => slotsFrom(fromMs),
    answer: () => ({
      now_ms: nowMs,
      timestamp: iso(nowMs),
      services: servicesById(services),
      dependencies: edges.map(({ view }) => view),
      metadata: metadata(),
      positions: needs.positions(services.map((one) => one.service_id)),
      sources: needs.sources(),
    }),
  };

  function refresh(atMs: number): GraphChanged | undefined {
    if (states.changes() === 0 && remembered.size === 0) return undefined;
    // Looking costs at most about an eighth of the time.
    if (atMs - lookedMs < Math.min(5_000, Math.max(200, costMs * 8))) return undefined;
    states.sweep(atMs);
    const { version } = resolving.current();
    const from = `${states.changes()} ${versionOf(version)} ${needs.positionsVersion()}`;
    if (from === lookedFrom && atMs - lookedMs < ageLookMs) return undefined;
    lookedFrom = from;
    lookedMs = atMs;
    nowMs = atMs;
    const began = performance.now();
    look();
    const changed = difference();
    costMs = performance.now() - began;
    return changed;
  }

  function look(): void {
    const slots = slotsFrom(nowMs - liveMs);
    const times = { nowMs, windowMs: liveMs };
    drawn = drawGraph(gather(slots), new Set(), times, {
      judge: (facts) => judge.judge(facts, nowMs),
      firstSeenMs: (id) => remembered.get(id)?.firstSeenMs ?? needs.firstSeenMs(id),
      bound: needs.bound,
    });
    const present = new Set<string>();
    for (const edge of drawn.edges) {
      present.add(edge.view.id);
      remembered.set(edge.view.id, edge);
    }
    const quiet = [...remembered.values()].filter(({ view }) => !present.has(view.id));
    const gone = quiet.filter(isForgotten);
    for (const { view } of gone) remembered.delete(view.id);
    judge.forget(gone.map(({ view }) => view.id));
    edges = [...drawn.edges, ...quiet.filter((one) => !gone.includes(one)).map(silent)];
    services = drawServices(edges, nowMs);
  }

  /** Too old; or it was recognised as something else since, and never was what it seemed. */
  function isForgotten({ lastSeenMs }: Edge): boolean {
    return lastSeenMs < nowMs - rememberedMs || lastSeenMs > nowMs - liveMs;
  }

  function silent(edge: Edge): Edge {
    const facts = { ...edge.facts, windows: [] };
    return { ...edge, facts, view: silentView(edge.view, activityOf(edge.lastSeenMs, nowMs)) };
  }

  function slotsFrom(fromMs: number): Slot[] {
    const { resolver, version: claims } = resolving.current();
    for (const startMs of [...cached.keys()]) if (startMs + slotMs <= nowMs - liveMs) cached.delete(startMs);
    const starts = states.starts().filter((startMs) => startMs + slotMs > fromMs);
    return starts.map((startMs) => {
      const known = cached.get(startMs);
      const revision = states.revision(startMs);
      const version = versionOf(claims);
      if (known?.revision === revision && known.version === version) return known.slot;
      const rows: ResolvedRow[] = [];
      for (const state of states.at(startMs)) for (const row of resolver.rows(state)) rows.push(row);
      needs.proofs.learn(rows, startMs);
      const slot = slotOf(
        startMs,
        slotMs,
        rows.map((row) => needs.proofs.apply(row)),
      );
      // Under what was known before it was learned from: what is proved by it makes it be looked at again.
      if (startMs + slotMs > nowMs - liveMs) cached.set(startMs, { revision, version, slot });
      return slot;
    });
  }

  /** Anything that may make an end somebody else. */
  function versionOf(claims: number): string {
    return `${claims} ${needs.proofs.version()}`;
  }

  function metadata(): GraphAnswer['metadata'] {
    return {
      total_observations: drawn?.observations ?? 0,
      service_count: services.length,
      dependency_count: edges.length,
      from_ms: nowMs - liveMs,
      to_ms: nowMs,
      hidden: { ...drawn?.hidden },
      more_services: drawn?.moreServices ?? 0,
      more_dependencies: drawn?.moreDependencies ?? 0,
      unresolved: services.filter(({ kind }) => kind === 'unresolved').length,
    };
  }

  function difference(): GraphChanged | undefined {
    const everyMs = Math.min(10_000, Math.max(2_000, edges.length * 2));
    const changedServices = services.filter((one) =>
      isNews(told.services, one.service_id, structureOfService(one), one, everyMs),
    );
    const changedDependencies = edges
      .map(({ view }) => view)
      .filter((one) => isNews(told.dependencies, one.id, structureOf(one), one, everyMs));
    const removed_services = goneFrom(told.services, new Set(services.map((one) => one.service_id)));
    const removed_dependencies = goneFrom(told.dependencies, new Set(edges.map(({ view }) => view.id)));
    const moved = movedPositions();
    const count = changedServices.length + changedDependencies.length + Object.keys(moved).length;
    if (count + removed_services.length + removed_dependencies.length === 0) return undefined;
    return {
      now_ms: nowMs,
      services: changedServices,
      dependencies: changedDependencies,
      removed_services,
      removed_dependencies,
      ...(Object.keys(moved).length > 0 && { positions: moved }),
      metadata: metadata(),
    };
  }

  function movedPositions(): Record<string, Position> {
    const all = needs.positions(services.map((one) => one.service_id));
    const moved = Object.entries(all).filter(([id, one]) => toldPositions.get(id) !== JSON.stringify(one));
    toldPositions = new Map(Object.entries(all).map(([id, one]) => [id, JSON.stringify(one)]));
    return Object.fromEntries(moved);
  }

  function isNews(
    known: Map<string, Told>,
    id: string,
    structure: string,
    value: object,
    everyMs: number,
  ): boolean {
    const before = known.get(id);
    if (before?.structure === structure && nowMs - before.atMs < everyMs) return false;
    const whole = JSON.stringify(value);
    if (before?.whole === whole) return false;
    known.set(id, { structure, whole, atMs: nowMs });
    return true;
  }
}

/** What people act on; numbers are told every now and then. */
function structureOf(one: GraphDependency): string {
  const { path, blame } = one;
  return [
    one.direction,
    one.health,
    one.activity,
    one.counted_by,
    path.kind,
    path.state,
    blame.verdict,
    ...one.evidence,
  ].join(' ');
}

function structureOfService(one: GraphService): string {
  const { kind, health, activity, service_type, service_name, fan_in, fan_out } = one;
  return JSON.stringify([kind, health, activity, service_type, service_name, fan_in, fan_out]);
}

function goneFrom(known: Map<string, Told>, present: ReadonlySet<string>): string[] {
  const gone = [...known.keys()].filter((id) => !present.has(id));
  for (const id of gone) known.delete(id);
  return gone;
}

/** A dependency without traffic in the window: what it is stays, what was counted goes. */
function silentView(view: GraphDependency, activity: GraphDependency['activity']): GraphDependency {
  const { id, source_service, target_service, protocol, direction, evidence, counted_by, seen_by } = view;
  const reason = 'no traffic was seen in the window';
  return {
    id,
    source_service,
    target_service,
    protocol,
    direction,
    request_count: 0,
    requests_per_second: 0,
    total_bytes: 0,
    bytes_sent: 0,
    bytes_received: 0,
    error_count: 0,
    client_errors: 0,
    server_errors: 0,
    client_gone: 0,
    transport_failures: 0,
    health: 'unknown',
    activity,
    evidence,
    counted_by,
    seen_by,
    first_seen: view.first_seen,
    last_seen: view.last_seen,
    path: view.path,
    blame: { verdict: 'unknown', reasons: [reason] },
  };
}
