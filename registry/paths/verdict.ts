import type { Pair } from './grid.ts';
import type { Check } from './path-book.ts';
import { pathState, type Evidence } from './path-state.ts';
import { sumBuckets } from './window.ts';

/** Looks at a pair at `nowMs`: sets its verdict, and since when it holds. */
export function judge(pair: Pair, nowMs: number): void {
  const before = pair.verdict.state;
  pair.verdict = pathState((pair.path?.checks ?? []).map((check) => evidenceOf(check, pair, nowMs)));
  const { state } = pair.verdict;
  if (state === 'down' && pair.path) pair.path.notUpMs = nowMs;
  // From "not known" to anything is no change that was seen: it may have been so for long.
  if (state !== before) pair.sinceMs = before === 'unknown' && pair.sinceMs === undefined ? undefined : nowMs;
}

/** What a check says of its path at `nowMs`. */
export function evidenceOf(check: Check, pair: Pair, nowMs: number): Evidence {
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
