import type { Baseline } from '@netring/contract/baseline';
import { appended, type ChangeEntry, type Fold } from '../changes/index.ts';
import type { Store } from '../store/index.ts';
import { hourMs, type Shelf } from './shelf.ts';
import { baselinesOf, mergeUsual, usualOf, type UsualOfPath } from './usual.ts';

/** What is usual on each path: worked out by the leader, kept in the store, folded by every replica. */
export interface BaselineBook extends Fold {
  of(source: string, target: string): readonly Baseline[] | undefined;
  all(): Iterable<{ source: string; target: string; baselines: readonly Baseline[] }>;
}

const group = 'baselines';
/** Without a leader that works them out anew, what was usual a day ago says nothing any more. */
const keptMs = 24 * hourMs;

interface BaselinesChange {
  kind: 'baselines';
  sources: string[];
}

type ByTarget = Record<string, Baseline[]>;

export function createBaselineBook(): BaselineBook {
  const bySource = new Map<string, Map<string, readonly Baseline[]>>();
  const set = (source: string, value: Buffer | undefined) => {
    if (value === undefined) bySource.delete(source);
    else bySource.set(source, new Map(Object.entries(JSON.parse(value.toString('utf8')) as ByTarget)));
  };
  return {
    async load(store) {
      bySource.clear();
      for (const [source, value] of await store.table.list(group)) set(source, value);
    },
    async apply(entries, store) {
      const sources = [...new Set(entries.filter(isBaselines).flatMap((entry) => entry.sources))];
      if (sources.length === 0) return;
      const values = await store.table.getMany(sources.map((key) => ({ group, key })));
      sources.forEach((source, at) => set(source, values[at]));
    },
    of: (source, target) => bySource.get(source)?.get(target),
    *all() {
      for (const [source, byTarget] of bySource)
        for (const [target, baselines] of byTarget) yield { source, target, baselines };
    },
  };
}

function isBaselines(entry: ChangeEntry): entry is BaselinesChange {
  return entry.kind === 'baselines';
}

/** What the leader needs to work out what is usual. */
export interface BaselineNeeds {
  sources: () => Iterable<string>;
  usualMinutes?: number;
  /** When either end of a path last came to another place: what was before says nothing of it. 0: never. */
  movedAtMs?: (source: string, target: string) => number;
}

/** Works out what is usual from the past day, and tells all replicas. For the leader alone. */
export async function keepBaselines(
  store: Store,
  shelf: Shelf,
  { sources, usualMinutes, movedAtMs = () => 0 }: BaselineNeeds,
  nowMs: number,
): Promise<void> {
  for (const source of sources()) {
    const byTarget = await usualOfSource(shelf, source, (target) => movedAtMs(source, target), nowMs);
    const found = [...byTarget].map(
      ([target, usual]) => [target, baselinesOf(mergeUsual(usual), usualMinutes)] as const,
    );
    const known: ByTarget = Object.fromEntries(found.filter(([, baselines]) => baselines.length > 0));
    const change: BaselinesChange = { kind: 'baselines', sources: [source] };
    if (Object.keys(known).length === 0) {
      if ((await store.table.get(group, source)) === undefined) continue;
      await store.commit({ remove: [{ group, key: source }], append: appended(change) });
      continue;
    }
    const put = [{ group, key: source, value: JSON.stringify(known), ttlMs: keptMs }];
    await store.commit({ put, append: appended(change) });
  }
}

/** What was usual in each hour of the past day, the one under way too, by target. */
async function usualOfSource(
  shelf: Shelf,
  source: string,
  movedAtMs: (target: string) => number,
  nowMs: number,
): Promise<Map<string, UsualOfPath[]>> {
  const byTarget = new Map<string, UsualOfPath[]>();
  const add = (target: string, usual: UsualOfPath) =>
    void byTarget.set(target, [...(byTarget.get(target) ?? []), usual]);
  const current = Math.floor(nowMs / hourMs);
  const packed = await shelf.usual(source);
  for (const [hour, usual] of packed) {
    if (hour < current - 24) continue;
    for (const [target, one] of Object.entries(usual))
      if ((hour + 1) * hourMs > movedAtMs(target)) add(target, one);
  }
  for (const hour of [current - 1, current]) {
    if (packed.has(hour)) continue;
    for (const [target, points] of await shelf.openHour(hour, source))
      add(target, usualOf(points, movedAtMs(target)));
  }
  return byTarget;
}
