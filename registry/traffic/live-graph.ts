import type { GraphAnswer, GraphChanged, Position } from '@netring/contract/graph';
import type { SourceHealth } from '@netring/contract/inventory';
import { iso, withinBound, type DrawBound, type Edge } from './drawing/index.ts';
import type { Judge, Judged } from './facts.ts';
import type { Proofs } from './join/index.ts';
import {
  budgetOf,
  createEdgeBook,
  createEdgeMemory,
  createServiceBook,
  createSlotBook,
  createTargetBook,
  createTeller,
  type Group,
} from './looking/index.ts';
import { servicesById } from './questions.ts';
import type { Resolving } from './resolving.ts';
import { slotMs, stateKey, type StateBook } from './states/index.ts';
import { slotOf, type Slot } from './sums/index.ts';

/** The graph of the last minute, and what is remembered of the minutes before. */
export interface LiveGraph {
  /** Looks again at what has changed; what is different from what was told last. */
  refresh(nowMs: number): GraphChanged | undefined;
  answer(): GraphAnswer;
  /** Nothing is beyond the bound of the picture. */
  isWhole(): boolean;
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
  /** What a look may take of the processor; without a bound everything is done at once. */
  budget?: { lookMs: number; judgeMs: number };
}

export const liveMs = 60_000;
/** A ghost holds its place for so long after it was last seen: five minutes quiet, ten minutes gone. */
export const rememberedMs = 15 * 60_000;
/** Twice as much for what changed as for what only may have: within a second all is done in a graph of 5,000. */
const lookBudget = { lookMs: 30, judgeMs: 15 };

export function createLiveGraph(needs: LiveNeeds): LiveGraph {
  const { states, resolving, proofs, judge, budget = lookBudget } = needs;
  const slotBook = createSlotBook(states, resolving, proofs, liveMs);
  const targets = createTargetBook();
  const memory = createEdgeMemory(rememberedMs, liveMs);
  const book = createEdgeBook(judge, (id) => memory.firstSeenMs(id) ?? needs.firstSeenMs(id));
  const services = createServiceBook();
  const teller = createTeller();
  /** Targets that wait to be looked at. */
  const waiting = new Set<string>();
  let counted = { hidden: {} as Record<string, number>, observations: 0, services: 0, dependencies: 0 };
  let toldPositions = { version: -1, all: new Map<string, string>() };
  let edges: readonly Edge[] = [];
  let byId = new Map<string, Edge>();
  /** Dependencies that there is room for; absent: for all. */
  let room: ReadonlySet<string> | undefined;
  let lookedMs = -Infinity;
  let costMs = 0;
  let nowMs = 0;

  return {
    refresh,
    edges: () => edges,
    isWhole: () => counted.dependencies === 0,
    remember(before) {
      for (const edge of before) if (memory.firstSeenMs(edge.view.id) === undefined) memory.remember(edge);
    },
    judged(id) {
      const view = byId.get(id)?.view;
      return view === undefined ? undefined : { path: view.path, blame: view.blame };
    },
    slots: slotsFrom,
    answer: () => ({
      now_ms: nowMs,
      timestamp: iso(nowMs),
      services: servicesById(services.all()),
      dependencies: edges.map(({ view }) => view),
      metadata: metadata(),
      positions: needs.positions(services.all().map((one) => one.service_id)),
      sources: needs.sources(),
    }),
  };

  function refresh(atMs: number): GraphChanged | undefined {
    if (states.changes() === 0 && memory.size() === 0) return undefined;
    // Looking costs at most about a fifth of the time, and what is new is told within a second.
    if (atMs - lookedMs < Math.min(1_000, Math.max(200, costMs * 5))) return undefined;
    // Half a picture would look as if the rest were gone.
    const isFirst = lookedMs === -Infinity;
    lookedMs = atMs;
    nowMs = atMs;
    const began = process.cpuUsage();
    states.sweep(atMs);
    look(isFirst ? { lookMs: Infinity, judgeMs: Infinity } : budget);
    const changed = difference();
    const { user, system } = process.cpuUsage(began);
    costMs = (user + system) / 1000;
    return changed;
  }

  function look({ lookMs, judgeMs }: typeof budget): void {
    const spends = budgetOf(lookMs);
    const { changed, gained } = slotBook.follow(nowMs, spends);
    for (const target of changed) waiting.add(target);
    // Whoever is new goes first; of the others the one that waits longest.
    const order = [...gained, ...waiting];
    let isFirst = true;
    for (const target of order) {
      if (!waiting.has(target)) continue;
      if (!isFirst && spends.isSpent()) break;
      isFirst = false;
      waiting.delete(target);
      lookAt(target);
    }
    withinBounds();
    book.judgeAgain(nowMs, budgetOf(judgeMs));
    book.settle(nowMs);
    show();
  }

  function lookAt(target: string): void {
    const { changed, gone } = targets.look(target, slotBook.all());
    book.drop(gone.filter(isShown).map(({ id }) => id));
    book.draw(
      changed.filter(isShown).filter(({ id }) => !isBeyond(id)),
      times(),
    );
  }

  function times() {
    return { nowMs, windowMs: liveMs };
  }

  function isBeyond(id: string): boolean {
    return room !== undefined && !room.has(id);
  }

  /** Counts what there is, and keeps the busiest where that is more than there is room for. */
  function withinBounds(): void {
    const shown: Group[] = [];
    const hidden: Record<string, number> = Object.create(null) as Record<string, number>;
    let observations = 0;
    for (const group of targets.all()) {
      const { filter } = group.gathered;
      if (filter === undefined) {
        shown.push(group);
        observations += group.requests;
      } else hidden[filter] = (hidden[filter] ?? 0) + group.requests;
    }
    const { kept, moreServices } = withinBound(shown, needs.bound);
    counted = { hidden, observations, services: moreServices, dependencies: shown.length - kept.length };
    room = kept.length === shown.length ? undefined : new Set(kept.map(({ id }) => id));
    const beyond = room;
    if (beyond !== undefined) book.drop([...book.ids()].filter((id) => !beyond.has(id)));
    book.draw(
      kept.filter((one) => !book.isDrawn(one)),
      times(),
    );
  }

  function show(): void {
    const present = book.all();
    for (const edge of present) memory.remember(edge);
    const { edges: quiet, forgotten } = memory.quiet((id) => book.has(id), nowMs);
    if (forgotten.length > 0) judge.forget(forgotten);
    edges = [...present, ...quiet];
    byId = new Map(edges.map((edge) => [edge.view.id, edge]));
    const { resolver } = resolving.current();
    services.look(edges, (id) => resolver.node(id), nowMs);
  }

  function slotsFrom(fromMs: number): Slot[] {
    const starts = states.starts().filter((startMs) => startMs + slotMs > fromMs);
    return starts.map((startMs) => slotBook.at(startMs) ?? anew(startMs));
  }

  function anew(startMs: number): Slot {
    const { resolver } = resolving.current();
    const inOrder = [...states.at(startMs)].sort((a, b) => (stateKey(a) < stateKey(b) ? -1 : 1));
    const rows = inOrder.flatMap((state) => resolver.rows(state)).map((row) => proofs.apply(row));
    return slotOf(startMs, slotMs, rows);
  }

  function metadata(): GraphAnswer['metadata'] {
    const all = services.all();
    return {
      total_observations: counted.observations,
      service_count: all.length,
      dependency_count: edges.length,
      from_ms: nowMs - liveMs,
      to_ms: nowMs,
      hidden: { ...counted.hidden },
      more_services: counted.services,
      more_dependencies: counted.dependencies,
      unresolved: all.filter(({ kind }) => kind === 'unresolved').length,
    };
  }

  function difference(): GraphChanged | undefined {
    const views = edges.map(({ view }) => view);
    const news = teller.news(services.all(), views, nowMs);
    const moved = movedPositions();
    const count = Object.values(news).reduce((sum, some) => sum + some.length, Object.keys(moved).length);
    if (count === 0) return undefined;
    return {
      now_ms: nowMs,
      ...news,
      ...(Object.keys(moved).length > 0 && { positions: moved }),
      metadata: metadata(),
    };
  }

  function movedPositions(): Record<string, Position> {
    const ids = services.all().map((one) => one.service_id);
    const version = needs.positionsVersion();
    const isKnown = toldPositions.version === version && ids.every((id) => toldPositions.all.has(id));
    if (isKnown) return {};
    const all = needs.positions(ids);
    const moved = Object.entries(all).filter(
      ([id, one]) => toldPositions.all.get(id) !== JSON.stringify(one),
    );
    toldPositions = {
      version,
      all: new Map(ids.map((id) => [id, JSON.stringify(all[id] ?? null)])),
    };
    return Object.fromEntries(moved);
  }
}

function isShown({ gathered }: Group): boolean {
  return gathered.filter === undefined;
}
