import type { CoverageAnswer } from '@netring/contract/coverage';
import type { Cell, Pair } from './grid.ts';

export type PlanCoverage = Omit<CoverageAnswer, 'now_ms' | 'traffic'>;

/** So many pairs are named at most, the worst first. */
const mostNamed = 100;

/**
 * How well the fixed part of the plan covers the members of these cells.
 *
 * @param members ids and locations of everybody in the plan
 */
export function planCoverage(
  members: readonly { id: string; location: string }[],
  cells: readonly Cell[],
  nowMs: number,
): PlanCoverage {
  const inDegree = new Map(members.map(({ id }) => [id, 0]));
  const planned: { pair: Pair; ageMs: number | undefined }[] = [];
  const locationPairs = new Map<string, { source: string; target: string; fresh: boolean }>();
  for (const one of orderedPairs(members)) locationPairs.set(keyOf(one), { ...one, fresh: false });
  let measured = 0;
  for (const cell of cells) {
    if (cell.targetKind !== 'member') continue;
    for (const pair of cell.pairs) {
      const ageMs = ageOf(pair, nowMs);
      if (ageMs !== undefined && ageMs <= pair.freshMs) {
        measured++;
        const between = locationPairs.get(keyOf(cell));
        if (between !== undefined) between.fresh = true;
      }
      if (!pair.planned) continue;
      planned.push({ pair, ageMs });
      inDegree.set(pair.target, (inDegree.get(pair.target) ?? 0) + 1);
    }
  }
  return {
    members: members.length,
    pairs: { all: Math.max(0, members.length * (members.length - 1)), planned: planned.length, measured },
    least_in_degree: members.length === 0 ? 0 : Math.min(...inDegree.values()),
    unmeasured_location_pairs: [...locationPairs.values()]
      .filter(({ fresh }) => !fresh)
      .slice(0, mostNamed)
      .map(({ source, target }) => ({ source, target })),
    oldest: oldestOf(planned),
  };
}

function oldestOf(planned: readonly { pair: Pair; ageMs: number | undefined }[]): CoverageAnswer['oldest'] {
  return [...planned]
    .sort((a, b) => (b.ageMs ?? Infinity) - (a.ageMs ?? Infinity) || 0)
    .slice(0, mostNamed)
    .map(({ pair: { source, target }, ageMs }) => ({
      source,
      target,
      ...(ageMs === undefined ? {} : { age_ms: Math.max(0, Math.round(ageMs)) }),
    }));
}

/** Every location to every other, and to itself where it has several members. */
function orderedPairs(members: readonly { location: string }[]): { source: string; target: string }[] {
  const counts = new Map<string, number>();
  for (const { location } of members) counts.set(location, (counts.get(location) ?? 0) + 1);
  const names = [...counts.keys()].sort();
  return names.flatMap((source) =>
    names
      .filter((target) => target !== source || (counts.get(source) ?? 0) > 1)
      .map((target) => ({ source, target })),
  );
}

function ageOf(pair: Pair, nowMs: number): number | undefined {
  let newest = 0;
  for (const check of pair.path?.checks ?? []) newest = Math.max(newest, check.countedAtMs);
  return newest === 0 ? undefined : nowMs - newest;
}

function keyOf({ source, target }: { source: string; target: string }): string {
  return JSON.stringify([source, target]);
}
