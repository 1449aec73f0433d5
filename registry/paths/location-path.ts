import type { LocationCheck, LocationPath, PathState } from '@netring/contract/path';
import { checkKinds, type CheckKind } from '@netring/contract/result';
import type { Cell, Pair } from './grid.ts';
import type { KeptState } from './kept-states.ts';
import { lowestBandwidth, worstRoute, type KnownOfPaths } from './known.ts';
import { unproved } from './member-path.ts';
import { slowOf, stateOf } from './verdict.ts';
import { createLatencySum, sumBuckets } from './window.ts';

type Counts = Record<PathState, number>;

/** All pairs of a cell as one: `down` only when every measured one is. */
export function rollUp(
  cell: Cell,
  before: LocationPath | undefined,
  kept: KeptState | undefined,
  known: KnownOfPaths,
  nowMs: number,
): LocationPath {
  // What the plan no longer asks for counts as long as its last result is fresh.
  const looked = cell.pairs.filter((pair) => pair.planned || pair.verdict.state !== 'unknown');
  const proved = looked.filter((pair) => pair.proved);
  const counts = countStates(proved.map((pair) => pair.verdict.state));
  const state = worstOf(counts);
  const atMs = Math.max(0, ...proved.map(newestAtMs));
  const since = sinceOf(state, before, kept, proved, nowMs);
  const route = worstRoute(looked, known);
  const bandwidth = lowestBandwidth(looked, known);
  return {
    source: cell.source,
    target: cell.target,
    target_kind: cell.targetKind,
    state,
    ...(since === undefined ? {} : { since_ms: Math.round(since) }),
    reasons: proved.length === 0 ? [unproved] : reasonsOf(proved, counts, state),
    answering: proved.every((pair) => pair.verdict.answering),
    ...(atMs > 0 ? { at_ms: Math.round(atMs) } : {}),
    paths: { ...counts, unproved: looked.length - proved.length },
    checks: checkKinds.flatMap((kind) => checkOf(kind, proved, nowMs)),
    ...(route === undefined ? {} : { route }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
  };
}

function countStates(states: readonly PathState[]): Counts {
  const counts: Counts = { ok: 0, degraded: 0, down: 0, unknown: 0 };
  for (const state of states) counts[state]++;
  return counts;
}

function worstOf(counts: Counts): PathState {
  if (counts.down > 0 && counts.ok + counts.degraded === 0) return 'down';
  if (counts.down + counts.degraded > 0) return 'degraded';
  return counts.ok > 0 ? 'ok' : 'unknown';
}

function sinceOf(
  state: PathState,
  before: LocationPath | undefined,
  kept: KeptState | undefined,
  pairs: readonly Pair[],
  nowMs: number,
): number | undefined {
  if (before?.state === state) return before.since_ms;
  const first = pairs.filter((pair) => pair.verdict.state === state).map((pair) => pair.sinceMs ?? nowMs);
  const isFirst = before === undefined || (before.state === 'unknown' && before.since_ms === undefined);
  if (!isFirst) return Math.min(nowMs, ...first);
  // Nobody here saw anything before: what is kept knows, unless nothing is.
  if (kept?.state === state) return kept.sinceMs;
  return kept === undefined || state === 'unknown' ? undefined : Math.min(nowMs, ...first);
}

function reasonsOf(pairs: readonly Pair[], counts: Counts, state: PathState): string[] {
  const measured = pairs.length - counts.unknown;
  // The worst speak; where nothing is wrong with the path, those whose far end does not answer as it should.
  const wanted: readonly PathState[] = state === 'degraded' ? ['down', 'degraded'] : [state];
  const saying = pairs.filter((pair) => wanted.includes(pair.verdict.state));
  const said = [...new Set(saying.flatMap((pair) => pair.verdict.reasons))].slice(0, 4);
  if (pairs.length === 1 || state === 'ok' || state === 'unknown') return said;
  const few = counts.down > 0 ? `${counts.down} of ${measured} member paths are down` : '';
  const weak = counts.degraded > 0 ? `${counts.degraded} of ${measured} member paths are degraded` : '';
  return [...[few, weak].filter((text) => text !== ''), ...said];
}

function newestAtMs(pair: Pair): number {
  let newest = 0;
  for (const check of pair.path?.checks ?? []) newest = Math.max(newest, check.countedAtMs);
  return newest;
}

function checkOf(kind: CheckKind, pairs: readonly Pair[], nowMs: number): LocationCheck[] {
  const latencies = createLatencySum();
  const states: PathState[] = [];
  let sent = 0;
  let lost = 0;
  let atMs = 0;
  let usualMs: number | undefined;
  for (const pair of pairs) {
    for (const check of pair.path?.checks ?? []) {
      if (check.kind !== kind) continue;
      latencies.add(check.buckets, nowMs);
      const sum = sumBuckets(check.buckets, nowMs);
      sent += sum.sent;
      lost += sum.lost;
      atMs = Math.max(atMs, check.countedAtMs);
      const state = stateOf(check, pair, nowMs);
      states.push(state);
      const slow = state === 'degraded' ? slowOf(check, pair, nowMs) : undefined;
      if (slow !== undefined) usualMs = Math.max(usualMs ?? 0, slow.usual.median_ms);
    }
  }
  if (states.length === 0) return [];
  const p50 = latencies.at(0.5);
  const state = worstOf(countStates(states));
  const median = p50 === undefined ? {} : { p50_ms: p50 };
  const usual = usualMs === undefined ? {} : { usual_ms: usualMs };
  return [{ kind, state, ...median, ...usual, sent, lost, at_ms: Math.round(atMs) }];
}
