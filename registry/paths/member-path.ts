import { percentile } from '@netring/contract/histogram';
import type { MemberPath, PathCheck } from '@netring/contract/path';
import { latencyOf } from '@netring/contract/result';
import type { Cell, Pair } from './grid.ts';
import type { KnownOfPaths } from './known.ts';
import type { Check } from './path-book.ts';
import { lostByWay, stateOf } from './verdict.ts';
import { latencyIn, round, sumBuckets, windowMs } from './window.ts';

/** A member path as the API shows it, with all its checks. */
export function describePath(pair: Pair, cell: Cell, known: KnownOfPaths, nowMs: number): MemberPath {
  const checks = (pair.path?.checks ?? []).map((check) => describeCheck(check, pair, nowMs));
  const atMs = Math.max(0, ...(pair.path?.checks ?? []).map((check) => check.countedAtMs));
  const route = known.routeOf?.(pair.source, pair.target);
  const bandwidth = known.bandwidthOf?.(pair.source, pair.target);
  return {
    source: pair.source,
    source_location: cell.source,
    target: pair.target,
    target_location: cell.target,
    target_kind: cell.targetKind,
    state: pair.proved ? pair.verdict.state : 'unknown',
    ...(pair.sinceMs === undefined ? {} : { since_ms: Math.round(pair.sinceMs) }),
    reasons: pair.proved ? pair.verdict.reasons : [unproved],
    answering: pair.verdict.answering,
    proved: pair.proved,
    ...(atMs > 0 ? { at_ms: Math.round(atMs) } : {}),
    checks,
    ...(route === undefined ? {} : { route }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
  };
}

/** What is said of a target that has not answered the address proof. */
export const unproved = 'unproved: its address has not answered the address proof, so nobody probes it';

function describeCheck(check: Check, pair: Pair, nowMs: number): PathCheck {
  const { last } = check;
  const latency = latencyOf(last);
  const latencies = latencyIn(check.buckets, nowMs);
  const p50 = percentile(latencies, 0.5);
  const p95 = percentile(latencies, 0.95);
  return {
    kind: check.kind,
    ...(check.endpoint === undefined ? {} : { endpoint: check.endpoint }),
    outcome: last.outcome,
    at_ms: Math.round(check.lastAtMs),
    state: stateOf(check, pair, nowMs),
    ...(latency === undefined ? {} : { latency_ms: round(latency) }),
    ...(last.kind === 'http' && last.status !== undefined ? { status: last.status } : {}),
    ...(last.reason === undefined ? {} : { reason: last.reason }),
    ...packetFields(check, pair, nowMs),
    window: {
      duration_ms: windowMs,
      ...sumBuckets(check.buckets, nowMs),
      ...(p50 === undefined ? {} : { p50_ms: round(p50) }),
      ...(p95 === undefined ? {} : { p95_ms: round(p95) }),
    },
  };
}

/** What only trains of packets know. One result of a calm path is a few packets: it takes a minute of them to know a way. */
function packetFields(check: Check, pair: Pair, nowMs: number): Partial<PathCheck> {
  const { last } = check;
  if (last.kind !== 'icmp' && last.kind !== 'udp') return {};
  const jitter = last.jitter_ms === undefined ? {} : { jitter_ms: round(last.jitter_ms) };
  if (last.kind === 'icmp') return jitter;
  const { forwardLost, returnLost } = lostByWay(check, pair, nowMs);
  const flows = last.flows === undefined ? {} : { flows: last.flows };
  return { ...jitter, ...flows, forward_lost: forwardLost, return_lost: returnLost };
}
