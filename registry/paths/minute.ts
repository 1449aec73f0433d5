import { mergeHistograms, type Histogram } from '@netring/contract/histogram';
import type { BandwidthSummary, PathState, RouteSummary } from '@netring/contract/path';
import { checkKinds, type CheckKind } from '@netring/contract/result';
import type { Pair } from './grid.ts';
import type { KnownOfPaths } from './known.ts';
import type { Check } from './path-book.ts';
import { round } from './window.ts';

export const minuteMs = 60_000;

/** What one minute showed of a member path; of all endpoints of a kind together. */
export interface MinuteOfPath {
  source: string;
  target: string;
  /** The worst state of the minute. */
  state: PathState;
  checks: { kind: CheckKind; sent: number; lost: number; latency: Histogram; jitterMs?: number }[];
  route: RouteSummary | undefined;
  bandwidth: BandwidthSummary | undefined;
}

/** The worst states of the minute under way and of the one before, noted at each look. */
export interface WorstStates {
  minute: number;
  worst: PathState;
  before: PathState | undefined;
}

const badness: Record<PathState, number> = { unknown: 0, ok: 1, degraded: 2, down: 3 };

/** The worse of two states; anything known is worse than nothing. */
export function worseOf(one: PathState, other: PathState): PathState {
  return badness[one] >= badness[other] ? one : other;
}

/** Notes the verdict of a look at `nowMs`. A state goes on into the next minute until a look shows another. */
export function noteState(pair: Pick<Pair, 'worst' | 'verdict' | 'path'>, nowMs: number): void {
  const minute = Math.floor(nowMs / minuteMs);
  const { state } = pair.verdict;
  const { worst } = pair;
  if (worst === undefined) pair.worst = beforeFirstLook(pair, minute);
  else if (worst.minute === minute) worst.worst = worseOf(worst.worst, state);
  else
    pair.worst = {
      minute,
      worst: state,
      before: worst.minute === minute - 1 ? worst.worst : undefined,
    };
}

/** What nobody here has looked at, as before a restart, was not well while nothing answered, whatever is so by now. */
function beforeFirstLook({ verdict, path }: Pick<Pair, 'verdict' | 'path'>, minute: number): WorstStates {
  const { state, silent, excused } = verdict;
  const isOver = silent === undefined && excused === undefined;
  const notUpMinute = isOver ? Math.floor((path?.notUpMs ?? 0) / minuteMs) : 0;
  return {
    minute,
    worst: notUpMinute === minute ? 'down' : state,
    before: notUpMinute === minute - 1 ? 'down' : undefined,
  };
}

/** What the minute that began at `startedMs` showed of a pair; `undefined` when it was not measured in it. */
export function minuteOf(pair: Pair, known: KnownOfPaths, startedMs: number): MinuteOfPath | undefined {
  const checks = checkKinds.flatMap((kind) => checkIn(kind, pair.path?.checks ?? [], startedMs));
  if (checks.length === 0) return undefined;
  const minute = startedMs / minuteMs;
  const state = pair.worst?.minute === minute ? pair.worst.worst : pair.worst?.before;
  const { source, target } = pair;
  return {
    source,
    target,
    state: state ?? pair.verdict.state,
    checks,
    route: known.routeOf?.(source, target),
    bandwidth: known.bandwidthOf?.(source, target),
  };
}

function checkIn(kind: CheckKind, all: readonly Check[], startedMs: number): MinuteOfPath['checks'] {
  const ofKind = all.filter((check) => check.kind === kind);
  const buckets = ofKind
    .flatMap((check) => check.buckets)
    .filter((one) => one.startedMs >= startedMs && one.startedMs < startedMs + minuteMs && one.checks > 0);
  if (buckets.length === 0) return [];
  const newest = ofKind.find(
    (check) => check.countedAtMs >= startedMs && check.countedAtMs < startedMs + 2 * minuteMs,
  )?.counted;
  const jitterMs = newest?.kind === 'icmp' || newest?.kind === 'udp' ? newest.jitter_ms : undefined;
  return [
    {
      kind,
      sent: buckets.reduce((sum, one) => sum + one.sent, 0),
      lost: buckets.reduce((sum, one) => sum + one.lost, 0),
      latency: mergeHistograms(buckets.map((one) => one.latency)),
      ...(jitterMs === undefined ? {} : { jitterMs: round(jitterMs) }),
    },
  ];
}
