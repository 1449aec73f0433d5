import type { Coverage } from '@netring/contract/overview';
import type { LocationPath, MemberPath } from '@netring/contract/path';
import type { MemberView } from '@netring/contract/member';
import type { Directory, Heard } from '../membership/index.ts';
import { createGrid, type Cell, type Pair } from './grid.ts';
import type { KnownOfPaths } from './known.ts';
import { rollUp } from './location-path.ts';
import { describePath } from './member-path.ts';
import { createKeptStates, type KeptStates, type StatesOfSource } from './kept-states.ts';
import { minuteOf, type MinuteOfPath } from './minute.ts';
import { createOldPaths } from './old-paths.ts';
import type { PathBook } from './path-book.ts';
import { planCoverage, type PlanCoverage } from './plan-coverage.ts';
import { saidOfItself } from './said-of-itself.ts';
import { createStateMemory } from './state-memory.ts';
import { judge, type Circumstances } from './verdict.ts';

/** What changed between two looks. */
export interface PictureChange {
  changed: LocationPath[];
  removed: { source: string; target: string; target_kind: 'member' | 'external' }[];
}

/** A member path, and whether the plan asks for it. */
export type PairOfPlan = Pick<Pair, 'source' | 'target' | 'planned'>;

/** The paths as people see them: states, roll-ups, coverage. Pure of timers: `refresh` is called with the time. */
export interface Picture {
  /** Looks at what was touched, and in turn at everything, since age alone changes a state. */
  refresh(nowMs: number): PictureChange;
  locationPaths(): LocationPath[];
  /** Member paths of a location pair, or from and to one member; everything when not filtered. */
  memberPaths(filter: { source?: string; target?: string; member?: string }, nowMs: number): MemberPath[];
  memberPath(source: string, target: string, nowMs: number): MemberPath | undefined;
  /** Paths between members that are degraded or down. */
  troubled(): { source: string; target: string }[];
  coverage(nowMs: number): Coverage;
  /** How well the plan covers the ring, pair by pair. */
  planCoverage(nowMs: number): PlanCoverage;
  /** What the minute that began at `startedMs`, one of the last two, showed of each path that was measured in it. */
  minute(startedMs: number): Iterable<MinuteOfPath>;
  /** Whether this member path is planned, or was measured lately. */
  has(source: string, target: string): boolean;
  /**
   * The member paths of a pair of instance ids, or of locations (or a location and an external target). Those of the
   * plan first: others were measured for a few minutes only.
   */
  pairsOf(source: string, target: string): PairOfPlan[];
  /** States that are kept differently from what is seen here, by key; see `keepStates`. */
  statesToKeep(): Map<string, StatesOfSource>;
  /** What the other members see of one, and what it says of itself. */
  heard(id: string): Heard;
}

/**
 * Everything is looked at again this often: within two seconds, or five where that would be more than so many pairs a
 * second. A state can be late by as much when only its age has changed.
 */
const fullLookMs = { least: 2_000, most: 5_000 };
const pairsPerSecond = 2_000;
/**
 * So many pairs are summed up in one refresh, whatever reports have touched. Beyond it new numbers wait for the turn
 * of their cell, and only a new state is told at once: at 1,000 members this saves half a core.
 */
const pairsAtOnce = 1_000;

/**
 * @param addressProof whether members have to prove their address before they are probed.
 * @param known what other rooms know of paths
 * @param kept states from before this replica looked
 */
export function createPicture(
  directory: Directory,
  book: PathBook,
  addressProof: boolean,
  known: KnownOfPaths = {},
  kept: KeptStates = createKeptStates(''),
): Picture {
  const grid = createGrid(directory, book, addressProof);
  const oldPaths = createOldPaths(book, grid);
  const memory = createStateMemory(kept);
  const circumstances: Circumstances = {
    baselinesOf: (source, target) => known.baselinesOf?.(source, target),
    unfitAtMs: (id) => book.unfitAtMs(id),
    keptOf: (pair) => memory.ofPair(pair),
    onChange: (pair) => memory.pairChanged(pair),
  };
  let shown = new Map<string, { encoded: string; path: LocationPath; covered: Covered }>();
  let lastLookMs = -Infinity;
  let lookMs = fullLookMs.least;
  let nextLook = 0;
  let peersAreDue = false;
  let lastBuild = 0;
  let peers = new Map<string, MemberView['peers']>();

  return {
    refresh,
    // In the order of the grid, which is the same on every replica.
    locationPaths: () => grid.cells().flatMap((cell) => shown.get(cell.key)?.path ?? []),
    memberPaths(filter, nowMs) {
      grid.current();
      const cells = grid
        .cells()
        .filter(
          (cell) =>
            (filter.source ?? cell.source) === cell.source && (filter.target ?? cell.target) === cell.target,
        );
      const { member } = filter;
      return cells.flatMap((cell) =>
        cell.pairs
          .filter(({ source, target }) => member === undefined || source === member || target === member)
          .map((pair) => describePath(pair, cell, known, nowMs)),
      );
    },
    memberPath(source, target, nowMs) {
      grid.current();
      const found = grid.find(source, target);
      return found && describePath(found.pair, found.cell, known, nowMs);
    },
    troubled: () => grid.cells().flatMap(troubledIn),
    coverage,
    planCoverage(nowMs) {
      grid.current();
      const members = directory.planMembers().map((one) => ({ id: one.instance_id, location: one.location }));
      return planCoverage(members, grid.cells(), nowMs);
    },
    *minute(startedMs) {
      for (const { pairs } of grid.cells()) {
        for (const pair of pairs) {
          const one = minuteOf(pair, known, startedMs);
          if (one !== undefined) yield one;
        }
      }
    },
    has(source, target) {
      grid.current();
      return grid.find(source, target) !== undefined;
    },
    pairsOf(source, target) {
      grid.current();
      const pair = grid.find(source, target)?.pair;
      if (pair !== undefined) return [pair];
      // Nobody measures it any more, since the plan has moved on: its past is kept all the same.
      if (directory.get(source) !== undefined && directory.get(target) !== undefined)
        return [{ source, target, planned: false }];
      return grid
        .cells()
        .filter((cell) => cell.source === source && cell.target === target)
        .flatMap((cell) => cell.pairs)
        .sort((a, b) => Number(b.planned) - Number(a.planned));
    },
    statesToKeep() {
      grid.current();
      return memory.toKeep(grid.cells(), (cell) => shown.get(cell.key)?.path);
    },
    heard: (id) => ({ peers: peers.get(id) ?? 'unknown', ...saidOfItself(book.selfOf(id)) }),
  };

  function refresh(nowMs: number): PictureChange {
    oldPaths.drop(nowMs);
    const build = grid.current();
    const rebuilt = build !== lastBuild;
    lastBuild = build;
    memory.adopt(grid.cells());
    if (rebuilt) lookMs = lookMsOf(grid.cells());
    const dirty = new Set(due(nowMs, rebuilt));
    for (const cell of dirty) for (const pair of cell.pairs) judge(pair, circumstances, nowMs);
    for (const cell of touchedCells(nowMs)) dirty.add(cell);
    if (peersAreDue) peers = peersOf(grid.cells());
    peersAreDue = false;
    return publish(dirty, rebuilt, nowMs);
  }

  /** The cells whose turn it is: each once within a full look, and not all of a thousand at once. */
  function due(nowMs: number, all: boolean): Cell[] {
    const cells = grid.cells();
    const share = all ? 1 : Math.min(1, (nowMs - lastLookMs) / lookMs);
    const count = Math.ceil(share * cells.length);
    const from = all ? 0 : nextLook;
    lastLookMs = nowMs;
    nextLook = cells.length === 0 ? 0 : (from + count) % cells.length;
    if (from + count >= cells.length) peersAreDue = true;
    return Array.from({ length: count }, (_, at) => cells[(from + at) % cells.length] as Cell);
  }

  /** Judges what reports have touched; the cells to tell of. */
  function touchedCells(nowMs: number): Set<Cell> {
    const touched = new Set<Cell>();
    const changed = new Set<Cell>();
    let pairs = 0;
    for (const path of book.takeTouched()) {
      const found = grid.find(path.source, path.target);
      if (found === undefined) continue;
      const { pair, cell } = found;
      const { state, answering } = pair.verdict;
      judge(pair, circumstances, nowMs);
      if (pair.verdict.state !== state || pair.verdict.answering !== answering) changed.add(cell);
      if (touched.has(cell)) continue;
      touched.add(cell);
      pairs += cell.pairs.length;
    }
    return pairs <= pairsAtOnce ? touched : changed;
  }

  function publish(dirty: Set<Cell>, rebuilt: boolean, nowMs: number): PictureChange {
    const change: PictureChange = { changed: [], removed: [] };
    for (const cell of dirty) {
      const before = shown.get(cell.key);
      const path = rollUp(cell, before?.path, memory.ofCell(cell), known, nowMs);
      if (path.state !== before?.path.state) memory.cellChanged(cell);
      const encoded = JSON.stringify(path);
      shown.set(cell.key, { encoded, path, covered: coveredOf(cell) });
      if (before?.encoded !== encoded) change.changed.push(path);
    }
    if (!rebuilt) return change;
    const keys = new Set(grid.cells().map((cell) => cell.key));
    for (const [key, { path }] of shown) {
      if (keys.has(key)) continue;
      change.removed.push({ source: path.source, target: path.target, target_kind: path.target_kind });
    }
    shown = new Map([...shown].filter(([key]) => keys.has(key)));
    return change;
  }

  function coverage(nowMs: number): Coverage {
    let planned = 0;
    let measured = 0;
    let oldestAtMs = Infinity;
    for (const { covered } of shown.values()) {
      planned += covered.planned;
      measured += covered.measured;
      oldestAtMs = Math.min(oldestAtMs, covered.oldestAtMs);
    }
    const oldest = Number.isFinite(oldestAtMs)
      ? { oldest_age_ms: Math.max(0, Math.round(nowMs - oldestAtMs)) }
      : {};
    return { planned, measured, ...oldest };
  }
}

function troubledIn({ targetKind, pairs }: Cell): { source: string; target: string }[] {
  if (targetKind !== 'member') return [];
  return pairs
    .filter(({ proved, verdict }) => proved && (verdict.state === 'down' || verdict.state === 'degraded'))
    .map(({ source, target }) => ({ source, target }));
}

function lookMsOf(cells: readonly Cell[]): number {
  const pairs = cells.reduce((sum, cell) => sum + cell.pairs.length, 0);
  return Math.min(fullLookMs.most, Math.max(fullLookMs.least, (1000 * pairs) / pairsPerSecond));
}

/** What of a cell is measured that should be, as of its last look. */
interface Covered {
  planned: number;
  measured: number;
  oldestAtMs: number;
}

function coveredOf(cell: Cell): Covered {
  const covered: Covered = { planned: 0, measured: 0, oldestAtMs: Infinity };
  for (const pair of cell.pairs) {
    if (!pair.planned || !pair.proved) continue;
    covered.planned++;
    if (pair.verdict.state === 'unknown') continue;
    covered.measured++;
    covered.oldestAtMs = Math.min(covered.oldestAtMs, newestOf(pair));
  }
  return covered;
}

function newestOf(pair: Pair): number {
  let newest = 0;
  for (const check of pair.path?.checks ?? []) newest = Math.max(newest, check.countedAtMs);
  return newest;
}

/** A member is reached when it answered itself: a host that refuses in its place shows that the path is up, no more. */
function peersOf(cells: readonly Cell[]): Map<string, MemberView['peers']> {
  const peers = new Map<string, MemberView['peers']>();
  for (const cell of cells) {
    if (cell.targetKind !== 'member') continue;
    for (const pair of cell.pairs) {
      if (pair.verdict.state === 'unknown') continue;
      if (reached(pair)) peers.set(pair.target, 'reachable');
      else if (!peers.has(pair.target)) peers.set(pair.target, 'unreachable');
    }
  }
  return peers;
}

function reached(pair: Pair): boolean {
  // ICMP is answered by the kernel of its host, whether a member runs there or not.
  const own = pair.path?.checks.filter(({ kind }) => kind !== 'icmp') ?? [];
  return own.some(({ counted }) => counted?.outcome === 'ok' || counted?.outcome === 'bad_status');
}
