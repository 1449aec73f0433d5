import type { StretchSummary } from '@netring/contract/topology';
import type { Judged } from '../facts.ts';
import { dependencyId } from '../drawing/index.ts';
import { countsOf, gather, totalOf, type Slot } from '../sums/index.ts';
import { shortId, worstOf } from './judged.ts';
import { packWindow } from './pack.ts';
import { summaryOf } from './summary.ts';

/** Rolls stretches of time up into a longer one, packed; with what was said of its dependencies, the worst of each. */
export async function rollUp(
  startMs: number,
  durationMs: number,
  slots: readonly Slot[],
): Promise<{ value: Buffer; summary: StretchSummary }> {
  const all = gather(slots).map((gathered) => ({ gathered, total: totalOf(gathered) }));
  const isJudged = slots.some(({ judged }) => judged !== undefined);
  const judged = new Map<string, Judged>();
  const shown = all.flatMap(({ gathered, total }) => {
    const { source, target, protocol, filter } = gathered;
    if (filter !== undefined) return [];
    const id = shortId(isJudged ? dependencyId(source.id, target.id, protocol) : '');
    const then = judgedIn(slots, id);
    if (then !== undefined) judged.set(id, then);
    return [{ source: source.id, target: target.id, counts: countsOf(total.cells), judged: then }];
  });
  const summary = summaryOf(startMs, durationMs, shown);
  return { value: await packWindow(startMs, durationMs, all, judged), summary };
}

/** What was said of a dependency in some stretches of time: the worst; `undefined` where nobody kept it. */
export function judgedIn(slots: readonly Slot[], id: string): Judged | undefined {
  return worstOf(slots.map(({ durationMs, judged }) => ({ durationMs, judged: judged?.get(id) })));
}
