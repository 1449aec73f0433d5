import type { PathState } from '@netring/contract/path';
import type { Pair } from './grid.ts';
import type { Check } from './path-book.ts';
import { pathState, type Evidence, type PathVerdict } from './path-state.ts';
import { sumBuckets } from './window.ts';

/** Looks at a pair at `nowMs`: sets its verdict, and since when it holds. */
export function judge(pair: Pair, nowMs: number): void {
  const before = pair.verdict.state;
  pair.verdict = verdictOn(pair, nowMs);
  const { state } = pair.verdict;
  if (state === 'down' && pair.path) pair.path.notUpMs = nowMs;
  // From "not known" to anything is no change that was seen: it may have been so for long.
  if (state !== before) pair.sinceMs = before === 'unknown' && pair.sinceMs === undefined ? undefined : nowMs;
}

/** What one check alone says of its path at `nowMs`. */
export function stateOf(check: Check, pair: Pair, nowMs: number): PathState {
  if (isFresh(check, pair, nowMs) && isWell(check)) return 'ok';
  return pathState([evidenceOf(check, pair, nowMs)]).state;
}

const well: PathVerdict = { state: 'ok', reasons: [], answering: true };

function verdictOn(pair: Pair, nowMs: number): PathVerdict {
  const checks = pair.path?.checks ?? [];
  // Nearly all pairs at nearly all times: nothing went wrong, so there is nothing to weigh.
  const fresh = checks.filter((check) => isFresh(check, pair, nowMs));
  if (fresh.length > 0 && fresh.every(isWell)) return well;
  return pathState(checks.map((check) => evidenceOf(check, pair, nowMs)));
}

function isFresh(check: Check, pair: Pair, nowMs: number): boolean {
  return nowMs - check.countedAtMs <= pair.freshMs;
}

function isWell(check: Check): boolean {
  return check.counted?.outcome === 'ok' && check.buckets.every((one) => one.lost === 0);
}

function evidenceOf(check: Check, pair: Pair, nowMs: number): Evidence {
  // Losses from before a recovery explain what was, not what is.
  const { sent, lost } = sumBuckets(check.buckets, nowMs, pair.path?.notUpMs ?? 0);
  return {
    last: check.counted,
    endpoint: check.endpoint,
    ageMs: nowMs - check.countedAtMs,
    freshMs: pair.freshMs,
    sent,
    lost,
  };
}
