import { createHash } from 'node:crypto';
import type { TrafficCoverage } from '@netring/contract/coverage';
import type { LocationPair } from '@netring/contract/plan';
import { mostHeaviest } from '@netring/contract/plan-answer';
import { appended, type ChangeEntry, type Fold } from '../changes/index.ts';
import type { Store } from '../store/index.ts';

/** The order in which members probe: the same at all replicas, since it is part of the plan's version. */
export interface Heaviest extends Fold {
  /** The heaviest first, at most {@link mostHeaviest}. */
  pairs(): readonly LocationPair[];
  /** Empty where nothing was seen to cross locations. */
  version(): string;
  /** Holds the traffic of the last minute against it. The leader's duty. */
  look(store: Store, seen: TrafficCoverage['pairs'], nowMs: number): Promise<void>;
}

/** What the leader remembers of one pair. */
interface Weight extends LocationPair {
  /** Requests of a minute lie between 4^level and 4^(level + 1). */
  level: number;
  seenMs: number;
}

export type Weights = ReadonlyMap<string, Weight>;

/** Every member asks for its plan anew when the order changes: so seldom, that nobody notices. */
const leastBetweenMs = 15 * 60_000;
/** A first minute is half a picture. */
const learningMs = 60_000;
/** A pair without traffic keeps its weight for so long. */
const keptMs = 15 * 60_000;
/** Beyond the bounds of its level by so much a pair has another one: what lies near a bound does not swing. */
const slack = 1.5;

const group = 'traffic-order';
const key = 'pairs';
const kind = 'traffic_order';

export function createHeaviest(): Heaviest {
  let pairs: readonly LocationPair[] = [];
  let version = '';
  let weights: Weights = new Map();
  let sinceMs: number | undefined;
  let changedMs = -Infinity;

  async function read(store: Store): Promise<void> {
    const value = await store.table.get(group, key);
    set(value === undefined ? [] : (JSON.parse(value.toString()) as LocationPair[]));
  }

  function set(next: readonly LocationPair[]): void {
    pairs = next;
    version = next.length === 0 ? '' : createHash('sha256').update(textOf(next)).digest('hex').slice(0, 8);
  }

  return {
    load: read,
    async apply(entries: readonly ChangeEntry[], store) {
      if (entries.some((entry) => entry.kind === kind)) await read(store);
    },
    pairs: () => pairs,
    version: () => version,
    async look(store, seen, nowMs) {
      sinceMs ??= nowMs;
      weights = weigh(weights, seen, nowMs);
      const next = orderOf(weights);
      if (textOf(next) === textOf(pairs) || nowMs - sinceMs < learningMs) return;
      if (pairs.length > 0 && nowMs - changedMs < leastBetweenMs) return;
      changedMs = nowMs;
      await store.commit({ put: [{ group, key, value: textOf(next) }], append: appended({ kind }) });
      set(next);
    },
  };
}

/** What is known after a minute more: a pure function. */
export function weigh(before: Weights, seen: TrafficCoverage['pairs'], nowMs: number): Weights {
  const after = new Map([...before].filter(([, { seenMs }]) => nowMs - seenMs < keptMs));
  for (const { source, target, requests } of seen) {
    const name = JSON.stringify([source, target]);
    after.set(name, { source, target, level: levelOf(requests, after.get(name)?.level), seenMs: nowMs });
  }
  return after;
}

/** The heaviest first; of one level by name, whatever they weigh exactly. */
export function orderOf(weights: Weights): LocationPair[] {
  return [...weights]
    .sort(([a, one], [b, other]) => other.level - one.level || (a < b ? -1 : 1))
    .slice(0, mostHeaviest)
    .map(([, { source, target }]) => ({ source, target }));
}

function levelOf(requests: number, before: number | undefined): number {
  const isNear =
    before !== undefined && requests >= 4 ** before / slack && requests < 4 ** (before + 1) * slack;
  return isNear ? before : Math.floor(Math.log2(Math.max(1, requests)) / 2);
}

function textOf(pairs: readonly LocationPair[]): string {
  return JSON.stringify(pairs);
}
