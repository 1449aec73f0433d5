import type { GraphDependency } from '@netring/contract/graph';
import { activityOf } from '@netring/topology';
import { edgeOf, factsOf, mutual, type DrawTimes, type Edge } from '../drawing/index.ts';
import type { Judge, Judged } from '../facts.ts';
import { slotMs } from '../states/index.ts';
import type { Budget } from './budget.ts';
import type { Group } from './target-book.ts';

/** The dependencies of the live minute as they are drawn. Each edge is another object whenever anything of it is. */
export interface EdgeBook {
  /** Draws these anew. */
  draw(groups: Iterable<Group>, times: DrawTimes): void;
  drop(ids: Iterable<string>): void;
  /** Judges those again that were judged longest ago, as far as the budget lasts. */
  judgeAgain(nowMs: number, budget: Budget): void;
  /** What time alone changes, and what calls whom: to be called when all else is done. */
  settle(nowMs: number): void;
  /** Whether a group is drawn as it is. */
  isDrawn(group: Group): boolean;
  has(id: string): boolean;
  ids(): Iterable<string>;
  all(): Edge[];
}

interface Entry {
  group: Group;
  edge: Edge;
  judgedMs: number;
  /** Windows that ended before this are closed in what was judged. */
  closedMs: number;
}

/** Paths and verdicts change without any traffic; so often they are looked at. */
const judgeEveryMs = 1_000;

export function createEdgeBook(judge: Judge, firstSeenMs: (id: string) => number | undefined): EdgeBook {
  const entries = new Map<string, Entry>();
  /** The same, the one judged longest ago first. */
  const byAge = new Map<string, Entry>();
  let isOthers = false;

  function put(id: string, entry: Entry): void {
    if (!entries.has(id)) isOthers = true;
    entries.set(id, entry);
    byAge.delete(id);
    byAge.set(id, entry);
  }

  return {
    draw(groups, times) {
      const needs = {
        judge: (facts: Edge['facts']) => judge.judge(facts, times.nowMs),
        firstSeenMs: (id: string) => entries.get(id)?.edge.firstSeenMs ?? firstSeenMs(id),
        bound: { services: Infinity, dependencies: Infinity },
      };
      for (const group of groups) {
        const known = entries.get(group.id)?.edge.view.direction === 'bidirectional';
        const edge = edgeOf(group, times, needs, () => known);
        put(group.id, { group, edge, judgedMs: times.nowMs, closedMs: closedAt(times.nowMs) });
      }
    },
    drop(ids) {
      for (const id of ids) {
        byAge.delete(id);
        if (entries.delete(id)) isOthers = true;
      }
    },
    judgeAgain(nowMs, budget) {
      let isFirst = true;
      for (const [id, entry] of byAge) {
        if (nowMs - entry.judgedMs < judgeEveryMs || (!isFirst && budget.isSpent())) return;
        isFirst = false;
        const closedMs = closedAt(nowMs);
        const facts = entry.closedMs === closedMs ? entry.edge.facts : factsOf(entry.group, nowMs);
        const judged = judge.judge(facts, nowMs);
        put(id, { ...entry, edge: judgedEdge({ ...entry.edge, facts }, judged), judgedMs: nowMs, closedMs });
      }
    },
    settle(nowMs) {
      const isMutual = isOthers ? mutual([...entries.values()].map(({ group }) => group)) : undefined;
      isOthers = false;
      for (const entry of entries.values()) {
        const { view } = entry.edge;
        const activity = activityOf(entry.edge.lastSeenMs, nowMs);
        const direction =
          isMutual === undefined
            ? view.direction
            : isMutual(view.source_service, view.target_service)
              ? 'bidirectional'
              : 'outbound';
        if (view.activity === activity && view.direction === direction) continue;
        entry.edge = { ...entry.edge, view: { ...view, activity, direction } };
      }
    },
    isDrawn: (group) => entries.get(group.id)?.group === group,
    has: (id) => entries.has(id),
    ids: () => entries.keys(),
    all: () => [...entries.values()].map(({ edge }) => edge),
  };
}

/** A state may come so much later than its bucket ended. */
const settledMs = 5_000;

function closedAt(nowMs: number): number {
  return Math.floor((nowMs - settledMs) / slotMs);
}

function judgedEdge(edge: Edge, judged: Judged): Edge {
  const { path, blame } = edge.view;
  if (isAlike(path, judged.path) && isAlike(blame, judged.blame)) return edge;
  const view: GraphDependency = { ...edge.view, ...judged };
  return { ...edge, view };
}

/** Flat but for shares, a step and a few sentences. */
function isAlike(a: object, b: object): boolean {
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(x);
  return (
    keys.length === Object.keys(y).length &&
    keys.every((key) => {
      if (x[key] === y[key]) return true;
      return typeof x[key] === 'object' && JSON.stringify(x[key]) === JSON.stringify(y[key]);
    })
  );
}
