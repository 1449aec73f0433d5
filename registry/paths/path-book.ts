import { bucketMs, type PathTotals, type SelfHealth } from '@netring/contract/report';
import { answered, type Result } from '@netring/contract/result';
import { outageEndMs, wasSilent } from './outage.ts';
import { keepBucket, windowMs, type BucketTotals } from './window.ts';

/** One kind of probe of one path: its newest result, and its buckets of the last minute. */
export interface Check {
  kind: Result['kind'];
  endpoint: string | undefined;
  last: Result;
  lastAtMs: number;
  /** The newest result that is neither void nor disturbed by a test of ours. */
  counted: Result | undefined;
  countedAtMs: number;
  /** When something answered last; 0: never. */
  answeredAtMs: number;
  /** When the newest results began to be silent; 0: they are not. */
  silentFromMs: number;
  /** What was lost until then was the far end's fault, not the path's. */
  excusedMs: number;
  /** Of `udp`: losses by way, as newest results of the last minute told them. */
  ways: WayLoss[];
  buckets: BucketTotals[];
}

export interface WayLoss {
  atMs: number;
  forward: number;
  return: number;
}

/** A path from a member to a target, with all its checks. */
export interface Path {
  source: string;
  target: string;
  checks: Check[];
  /** When it was last not up: losses of that time are not held against it afterwards. */
  notUpMs: number;
}

/** Whose report it is, and where its time stands on the store's clock. */
export interface ReportTime {
  id: string;
  boot: string;
  n: number;
  seq: number;
  /** The member's clock as it sent. */
  sentMs: number;
  /** The member's clock as the bucket began. */
  startedMs: number;
  /** The store's clock as it came. */
  receivedMs: number;
}

/** All paths that were ever reported by a member that is kept. */
export interface PathBook {
  /** Folds one record; false when the source has too many paths already. */
  take(time: ReportTime, totals: PathTotals): boolean;
  /** Notes how a member says that it is itself, in a report that came at `atMs`. */
  noteSelf(source: string, self: SelfHealth, atMs: number): void;
  selfOf(source: string): SelfTold | undefined;
  /** Notes that a report of `atMs` shows its member starved. */
  noteUnfit(source: string, atMs: number): void;
  /** When a report last showed that; 0: never. */
  unfitAtMs(source: string): number;
  get(source: string, target: string): Path | undefined;
  of(source: string): ReadonlyMap<string, Path>;
  sources(): Iterable<string>;
  /** Grows when a path comes or goes. */
  revision(): number;
  /** Paths touched since the last call. */
  takeTouched(): Set<Path>;
  drop(source: string, target?: string): void;
  clear(): void;
}

/** What a member last said of itself, and when that came, on the store's clock. */
export interface SelfTold {
  self: SelfHealth;
  atMs: number;
}

/** A source may have so many different targets: above what any plan gives, below what fills the memory. */
const targetsPerSource = 4096;
const checksPerPath = 32;

export function createPathBook(): PathBook {
  const bySource = new Map<string, Map<string, Path>>();
  const selves = new Map<string, SelfTold>();
  const unfit = new Map<string, number>();
  let touched = new Set<Path>();
  let revision = 0;
  const none: ReadonlyMap<string, Path> = new Map();

  return {
    take(time, totals) {
      const path = pathOf(time.id, totals.target);
      if (path === undefined) return false;
      const check = checkOf(path, totals, atOf(time, totals));
      if (check === undefined) return false;
      note(check, time, totals);
      if (wasSilent(totals)) path.notUpMs = Math.max(path.notUpMs, outageEndMs(path, time));
      touched.add(path);
      return true;
    },
    noteSelf(source, self, atMs) {
      if (atMs >= (selves.get(source)?.atMs ?? 0)) selves.set(source, { self, atMs });
    },
    selfOf: (source) => selves.get(source),
    noteUnfit: (source, atMs) => void unfit.set(source, Math.max(atMs, unfit.get(source) ?? 0)),
    unfitAtMs: (source) => unfit.get(source) ?? 0,
    get: (source, target) => bySource.get(source)?.get(target),
    of: (source) => bySource.get(source) ?? none,
    sources: () => bySource.keys(),
    revision: () => revision,
    takeTouched() {
      const taken = touched;
      touched = new Set();
      return taken;
    },
    drop(source, target) {
      revision++;
      if (target !== undefined) return void bySource.get(source)?.delete(target);
      bySource.delete(source);
      selves.delete(source);
      unfit.delete(source);
    },
    clear() {
      revision++;
      bySource.clear();
      selves.clear();
      unfit.clear();
      touched = new Set();
    },
  };

  function pathOf(source: string, target: string): Path | undefined {
    let targets = bySource.get(source);
    if (targets === undefined) bySource.set(source, (targets = new Map<string, Path>()));
    let path = targets.get(target);
    if (path === undefined) {
      if (targets.size >= targetsPerSource) return undefined;
      path = { source, target, checks: [], notUpMs: 0 };
      targets.set(target, path);
      revision++;
    }
    return path;
  }
}

function checkOf(path: Path, totals: PathTotals, atMs: number): Check | undefined {
  const { last, endpoint } = totals;
  for (const check of path.checks) {
    if (check.kind === last.kind && check.endpoint === endpoint) return check;
  }
  if (path.checks.length >= checksPerPath) return undefined;
  const check: Check = {
    kind: last.kind,
    endpoint,
    last,
    lastAtMs: atMs,
    counted: undefined,
    countedAtMs: 0,
    answeredAtMs: 0,
    silentFromMs: 0,
    excusedMs: 0,
    ways: [],
    buckets: [],
  };
  path.checks.push(check);
  return check;
}

function note(check: Check, time: ReportTime, totals: PathTotals): void {
  const atMs = atOf(time, totals);
  const { last } = totals;
  if (atMs >= check.lastAtMs) {
    check.last = last;
    check.lastAtMs = atMs;
  }
  if (counts(last)) {
    if (atMs >= check.countedAtMs) {
      check.counted = last;
      check.countedAtMs = atMs;
      if (answered(last)) check.silentFromMs = 0;
      else if (check.silentFromMs === 0) check.silentFromMs = atMs;
    }
    if (atMs > check.answeredAtMs && answered(last)) check.answeredAtMs = atMs;
    if (last.kind === 'udp' && last.forward_lost + last.return_lost > 0) {
      noteWays(check, { atMs, forward: last.forward_lost, return: last.return_lost });
    }
  }
  const startedMs = time.receivedMs - Math.max(0, time.sentMs - time.startedMs);
  const { checks, failed, voided, sent, lost, latency } = totals;
  keepBucket(
    check.buckets,
    { boot: time.boot, n: time.n, seq: time.seq, startedMs, checks, failed, voided, sent, lost, latency },
    time.receivedMs,
  );
}

/** Void: the prober was unfit. Disturbed: a bandwidth test of ours filled the path meanwhile. Both are shown only. */
function counts(result: Result): boolean {
  return result.outcome !== 'void' && result.disturbed !== true;
}

function noteWays(check: Check, one: WayLoss): void {
  const ways = [...check.ways.filter(({ atMs }) => atMs !== one.atMs), one].sort((a, b) => a.atMs - b.atMs);
  const newestMs = (ways.at(-1) as WayLoss).atMs;
  check.ways = ways.filter(({ atMs }) => atMs > newestMs - windowMs);
}

/** When the newest result of a record was complete, on the store's clock; never in the future, never absurdly old. */
function atOf(time: ReportTime, totals: PathTotals): number {
  const ageMs = Math.max(0, time.sentMs - totals.last.ended_ms);
  return time.receivedMs - Math.min(ageMs, 24 * 3600 * bucketMs);
}
