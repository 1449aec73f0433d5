import type { Baseline } from '@netring/contract/baseline';
import type { PathState } from '@netring/contract/path';
import type { Evidence } from './evidence.ts';
import type { Pair } from './grid.ts';
import type { KeptState } from './kept-states.ts';
import { lossOverMs } from './loss-over.ts';
import { hasLossyFlows } from './loss.ts';
import { noteState } from './minute.ts';
import type { Check } from './path-book.ts';
import { checkState, pathState, type PathVerdict } from './path-state.ts';
import { slowOverMs, type KindOfPath } from './slow-over.ts';
import { slowMedian } from './slowness.ts';
import { lossIn, windowMs } from './window.ts';

/** What a verdict needs to know beside the pair itself. */
export interface Circumstances {
  baselinesOf?(source: string, target: string): readonly Baseline[] | undefined;
  /** When a member last said that it was starved; 0: never. */
  unfitAtMs?(id: string): number;
  /** What is kept of a pair, from before it was first looked at here. */
  keptOf?(pair: Pair): KeptState | undefined;
  /** The state of a pair has changed. */
  onChange?(pair: Pair): void;
}

/** Looks at a pair at `nowMs`: sets its verdict, and since when it holds. */
export function judge(pair: Pair, circumstances: Circumstances, nowMs: number): void {
  const before = pair.verdict.state;
  pair.usual = circumstances.baselinesOf?.(pair.source, pair.target);
  pair.verdict = verdictOn(pair, circumstances, nowMs);
  const { state, silent, excused } = pair.verdict;
  if (pair.path !== undefined && silent === true) pair.path.notUpMs = nowMs;
  if (pair.path !== undefined && excused !== undefined) {
    for (const check of pair.path.checks) if (excused.includes(check.kind)) check.excusedMs = nowMs;
  }
  noteState(pair, nowMs);
  if (state === before) return;
  // From "not known" to anything is no change that was seen: what is kept of it knows, or it may have been so for long.
  if (before === 'unknown' && pair.sinceMs === undefined) remember(pair, circumstances.keptOf?.(pair), nowMs);
  else pair.sinceMs = nowMs;
  circumstances.onChange?.(pair);
}

function remember(pair: Pair, kept: KeptState | undefined, nowMs: number): void {
  if (kept === undefined) return;
  pair.sinceMs = kept.state === pair.verdict.state ? kept.sinceMs : nowMs;
  if (pair.path !== undefined) pair.path.notUpMs = Math.max(pair.path.notUpMs, kept.notUpMs ?? 0);
}

/** What one check alone says of its path at `nowMs`. */
export function stateOf(check: Check, pair: Pair, nowMs: number): PathState {
  if (isFresh(check, pair, nowMs) && isWell(check, pair, nowMs)) return 'ok';
  return checkState(evidenceOf(check, pair, nowMs));
}

const well: PathVerdict = { state: 'ok', reasons: [], answering: true };

function verdictOn(pair: Pair, circumstances: Circumstances, nowMs: number): PathVerdict {
  const checks = pair.path?.checks ?? [];
  // Nearly all pairs at nearly all times: nothing went wrong, so there is nothing to weigh.
  const fresh = checks.filter((check) => isFresh(check, pair, nowMs));
  if (fresh.length > 0 && fresh.every((check) => isWell(check, pair, nowMs))) return well;
  const unfitAtMs = circumstances.unfitAtMs?.(pair.target) ?? 0;
  return pathState(
    checks.map((check) => evidenceOf(check, pair, nowMs)),
    { unfit: nowMs - unfitAtMs <= windowMs + 15_000 },
  );
}

function isFresh(check: Check, pair: Pair, nowMs: number): boolean {
  return nowMs - check.countedAtMs <= pair.freshMs;
}

function isWell(check: Check, pair: Pair, nowMs: number): boolean {
  const last = check.counted;
  if (last?.outcome !== 'ok' || !check.buckets.every((one) => one.lost === 0)) return false;
  if (last.kind === 'udp' && hasLossyFlows({ last })) return false;
  return pair.usual === undefined || slowOf(check, pair, nowMs) === undefined;
}

/** How much slower than usual the kind is on this pair; `undefined` when it is not. */
export function slowOf(check: Check, pair: Pair, nowMs: number): Evidence['slow'] {
  const usual = pair.usual?.find((one) => one.kind === check.kind);
  // The first byte of HTTP has the application in it.
  if (usual === undefined || check.kind === 'http') return undefined;
  const notUpMs = pair.path?.notUpMs ?? 0;
  if (slowMedian(check.buckets, usual, nowMs, notUpMs) === undefined) return undefined;
  const medianMs = slowMedian(
    check.buckets,
    usual,
    nowMs,
    Math.max(notUpMs, slowOverMs(kindsOf(pair), nowMs)),
  );
  return medianMs === undefined ? undefined : { medianMs, usual };
}

function kindsOf({ path, usual = [] }: Pair): KindOfPath[] {
  return usual.flatMap((one) => {
    const check = path?.checks.find(({ kind }) => kind === one.kind);
    return check === undefined || check.kind === 'http' ? [] : [{ buckets: check.buckets, usual: one }];
  });
}

function sendsPackets({ kind }: Check): boolean {
  return kind === 'icmp' || kind === 'udp';
}

/** Losses from before this explain what was, not what is: the path was not up, the far end's fault, or has stopped losing. */
function lossSinceMs(check: Check, pair: Pair, nowMs: number): number {
  const packets = pair.path?.checks.filter(sendsPackets).flatMap(({ buckets }) => buckets) ?? [];
  return Math.max(pair.path?.notUpMs ?? 0, check.excusedMs, lossOverMs(packets, nowMs));
}

/** Packets of `udp` that were lost within the window, by way. */
export function lostByWay(
  check: Check,
  pair: Pair,
  nowMs: number,
  sinceMs = lossSinceMs(check, pair, nowMs),
): { forwardLost: number; returnLost: number } {
  const ways = check.ways.filter((one) => one.atMs > Math.max(sinceMs, nowMs - windowMs));
  return {
    forwardLost: ways.reduce((sum, one) => sum + one.forward, 0),
    returnLost: ways.reduce((sum, one) => sum + one.return, 0),
  };
}

function evidenceOf(check: Check, pair: Pair, nowMs: number): Evidence {
  const sinceMs = lossSinceMs(check, pair, nowMs);
  const isPackets = sendsPackets(check);
  return {
    last: check.counted,
    endpoint: check.endpoint,
    ageMs: nowMs - check.countedAtMs,
    answeredAgeMs: check.answeredAtMs === 0 ? Infinity : nowMs - check.answeredAtMs,
    silentForMs: check.silentFromMs === 0 ? Infinity : nowMs - check.silentFromMs,
    freshMs: pair.freshMs,
    voided: check.last.outcome === 'void' && nowMs - check.lastAtMs <= pair.freshMs,
    ...lossIn(check.buckets, nowMs, sinceMs, isPackets ? 'bucket' : 'result'),
    ...lostByWay(check, pair, nowMs, sinceMs),
    slow: slowOf(check, pair, nowMs),
  };
}
