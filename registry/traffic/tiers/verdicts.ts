import type { StretchSummary } from '@netring/contract/topology';
import type { Judged } from '../facts.ts';
import type { Edge } from '../drawing/index.ts';
import { slotMs } from '../states/index.ts';
import { shortId, type JudgedThen } from './judged.ts';
import { packVerdicts } from './pack.ts';
import type { Shelf } from './shelf.ts';
import { summaryOf } from './summary.ts';

/** Keeps what is said of dependencies, for each 10 s. For the leader alone. */
export interface VerdictKeeper {
  keep(nowMs: number): Promise<void>;
}

export interface VerdictNeeds {
  shelf: Shelf;
  /** The dependencies as they stand. */
  edges: () => readonly Edge[];
}

/** Reported, closed and judged; before the minute that it is a part of is rolled up. */
const settledMs = 12_000;
/** What was longer ago was judged then, or never. */
const lookBackMs = 40_000;

export function createVerdictKeeper({ shelf, edges }: VerdictNeeds): VerdictKeeper {
  let doneUntilMs = -Infinity;
  return {
    async keep(nowMs) {
      const lastMs = Math.floor((nowMs - settledMs) / slotMs) * slotMs - slotMs;
      const firstMs = Math.max(doneUntilMs + slotMs, lastMs - lookBackMs + slotMs);
      const starts: number[] = [];
      for (let startMs = firstMs; startMs <= lastMs; startMs += slotMs) starts.push(startMs);
      if (starts.length === 0) return;
      // A former leader may have been there.
      const known = Number.isFinite(doneUntilMs)
        ? new Map<number, Buffer>()
        : await shelf.get('slot', starts);
      for (const startMs of starts) {
        if (known.has(startMs)) continue;
        const { judged, summary } = verdictsOf(startMs, edges());
        if (judged.size > 0) await shelf.put('slot', startMs, await packVerdicts(judged), summary);
      }
      doneUntilMs = lastMs;
    },
  };
}

/** What is said now of the dependencies that were seen in the 10 s from `startMs`. */
function verdictsOf(
  startMs: number,
  edges: readonly Edge[],
): { judged: JudgedThen; summary: StretchSummary } {
  const judged = new Map<string, Judged>();
  const shown = edges.flatMap(({ view, facts }) => {
    const window = facts.windows.find((one) => one.startMs === startMs);
    if (window === undefined) return [];
    const { id, path, blame, source_service: source, target_service: target } = view;
    judged.set(shortId(id), { path, blame });
    return [{ source, target, counts: window.counts, judged: { path, blame } }];
  });
  return { judged, summary: summaryOf(startMs, slotMs, shown) };
}
