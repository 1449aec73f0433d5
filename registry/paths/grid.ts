import type { Baseline } from '@netring/contract/baseline';
import { externalTargetId } from '@netring/contract/member';
import { createPlanner, type Planned } from '@netring/contract/plan';
import type { Directory, Known } from '../membership/index.ts';
import type { Path, PathBook } from './path-book.ts';
import type { WorstStates } from './minute.ts';
import type { PathVerdict } from './path-state.ts';

/** A path that is, or should be, measured. */
export interface Pair {
  source: string;
  target: string;
  /** What was measured; absent when nothing was. */
  path: Path | undefined;
  /** Whether the plan asks for it: measured ones that it no longer asks for are shown until they are old. */
  planned: boolean;
  proved: boolean;
  /** Older results say nothing about now. */
  freshMs: number;
  /** What is usual here, by kind; `undefined` while too little is known. */
  usual: readonly Baseline[] | undefined;
  verdict: PathVerdict;
  worst: WorstStates | undefined;
  /** Since when the verdict's state holds; `undefined` when nobody here saw it begin. */
  sinceMs: number | undefined;
}

/** All pairs from one location to another, or to one external target. */
export interface Cell {
  key: string;
  source: string;
  target: string;
  targetKind: 'member' | 'external';
  pairs: Pair[];
}

/** Which pairs there are, sorted into cells; follows the directory and the book. */
export interface Grid {
  /** Rebuilds when members or paths have come or gone; the number of the build, so that each caller sees what is new to it. */
  current(): number;
  cells(): readonly Cell[];
  find(source: string, target: string): { pair: Pair; cell: Cell } | undefined;
}

const notLookedAt: PathVerdict = { state: 'unknown', reasons: ['not measured yet'], answering: true };

/** Three rounds missed, and the time that a round with both its tries and the report of it may take. */
function freshMsOf(source: Known): number {
  return 3 * source.record.check_interval_ms + 10_000;
}

export function createGrid(directory: Directory, book: PathBook, addressProof: boolean): Grid {
  let cells: Cell[] = [];
  let index = new Map<string, { pair: Pair; cell: Cell }>();
  let builtFrom = '';
  let builds = 0;

  return {
    current() {
      const from = `${directory.revision()} ${book.revision()}`;
      if (from === builtFrom) return builds;
      builtFrom = from;
      build();
      return ++builds;
    },
    cells: () => cells,
    find: (source, target) => index.get(pairKey(source, target)),
  };

  function build(): void {
    const live = [...directory.all()]
      .filter(({ record }) => record.deregistered_at_ms === undefined)
      .sort((a, b) => (a.record.instance_id < b.record.instance_id ? -1 : 1));
    const planned = live.map(({ record }): Planned => record);
    const planner = createPlanner(planned);
    const byKey = new Map<string, Cell>();
    const before = index;
    index = new Map();
    for (const source of live) {
      const fixed = planner(source.record.instance_id, 0).fixed.map((target) => target.instance_id);
      addPairs(source, new Set(fixed), byKey, before);
    }
    cells = [...byKey.values()];
  }

  function addPairs(
    source: Known,
    fixed: Set<string>,
    byKey: Map<string, Cell>,
    before: ReadonlyMap<string, { pair: Pair; cell: Cell }>,
  ): void {
    const id = source.record.instance_id;
    const externals = new Map(source.record.external_targets.map((one) => [externalTargetId(one), one.name]));
    const targets = new Set([...fixed, ...externals.keys(), ...book.of(id).keys()]);
    for (const target of [...targets].sort()) {
      const external = externals.get(target);
      const record = directory.get(target)?.record;
      if (external === undefined && (record === undefined || record.deregistered_at_ms !== undefined))
        continue;
      const cell = cellOf(
        byKey,
        source.record.location,
        external ?? record?.location ?? target,
        external !== undefined,
      );
      const known = before.get(pairKey(id, target))?.pair;
      const pair: Pair = {
        source: id,
        target,
        path: book.get(id, target),
        planned: external !== undefined || fixed.has(target),
        proved: external !== undefined || !addressProof || record?.proof !== undefined,
        freshMs: freshMsOf(source),
        usual: known?.usual,
        verdict: known?.verdict ?? notLookedAt,
        worst: known?.worst,
        sinceMs: known?.sinceMs,
      };
      cell.pairs.push(pair);
      index.set(pairKey(id, target), { pair, cell });
    }
  }
}

function cellOf(byKey: Map<string, Cell>, source: string, target: string, external: boolean): Cell {
  const targetKind = external ? 'external' : 'member';
  const key = JSON.stringify([source, target, targetKind]);
  let cell = byKey.get(key);
  if (cell === undefined) byKey.set(key, (cell = { key, source, target, targetKind, pairs: [] }));
  return cell;
}

function pairKey(source: string, target: string): string {
  return `${source}\n${target}`;
}
