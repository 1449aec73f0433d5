import {
  isValidRate,
  rateHoldsMs,
  type BandwidthOfPath,
  type BandwidthResult,
  type BandwidthTest,
  type KeptBandwidthTest,
} from '@netring/contract/bandwidth';
import type { BandwidthSummary } from '@netring/contract/path';

/** A valid rate, and how long it holds. */
export type KeptRate = BandwidthResult & { mbps: number; at_ms: number; interval_ms?: number | undefined };

/** What is kept of the tests of one path, in the store as in memory. */
export interface PathTests {
  source: string;
  target: string;
  latest?: KeptBandwidthTest;
  skipped?: KeptBandwidthTest;
  forward?: KeptRate;
  return?: KeptRate;
  /** Ids of the last tests taken, so that one which is told again adds nothing. */
  ids: string[];
}

const idsKept = 32;

/** When a report was sent and came: places its times on the store's clock. */
export interface Sent {
  /** The member's clock as it sent. */
  sentMs: number;
  /** The store's clock as it came. */
  receivedMs: number;
}

/** What is kept after one more test; `undefined` when it was taken before. */
export function withTest(
  before: PathTests | undefined,
  source: string,
  test: BandwidthTest,
  { sentMs, receivedMs }: Sent,
): PathTests | undefined {
  if (before?.ids.includes(test.id) === true) return undefined;
  const { started_ms, ended_ms, ...rest } = test;
  const at_ms = Math.round(receivedMs - Math.max(0, sentMs - ended_ms));
  const duration_ms = Math.round(Math.max(0, ended_ms - started_ms));
  const kept: KeptBandwidthTest = { ...rest, source, at_ms, duration_ms };
  const after: PathTests = {
    ...(before ?? { source, target: test.target, ids: [] }),
    ids: [...(before?.ids ?? []), test.id].slice(-idsKept),
  };
  if (test.skipped !== undefined) {
    if (at_ms >= (after.skipped?.at_ms ?? 0)) after.skipped = kept;
    return after;
  }
  if (at_ms >= (after.latest?.at_ms ?? 0)) after.latest = kept;
  for (const result of test.results ?? []) {
    const older = after[result.direction];
    if (!isValidRate(result) || at_ms < (older?.at_ms ?? 0)) continue;
    after[result.direction] = { ...result, at_ms, interval_ms: test.interval_ms };
  }
  return after;
}

/** The rate, while it holds. */
function holding(rate: KeptRate | undefined, nowMs: number): KeptRate | undefined {
  return rate !== undefined && nowMs - rate.at_ms <= rateHoldsMs(rate.interval_ms) ? rate : undefined;
}

/** The tests of a path as the API tells of them. */
export function describeTests(tests: PathTests | undefined, nowMs: number): BandwidthOfPath {
  if (tests === undefined) return {};
  const { latest, skipped } = tests;
  const isNewer = skipped !== undefined && skipped.at_ms > (latest?.at_ms ?? 0);
  return {
    ...(latest && { latest }),
    ...(isNewer && { skipped }),
    ...told('forward', holding(tests.forward, nowMs)),
    ...told('return', holding(tests.return, nowMs)),
  };
}

function told(direction: 'forward' | 'return', rate: KeptRate | undefined): BandwidthOfPath {
  if (rate === undefined) return {};
  const { interval_ms: _, ...rest } = rate;
  return { [direction]: rest };
}

/** The rates that hold, in short; where none does, what the newest test came to; `undefined` when there is neither. */
export function summaryOf(tests: PathTests | undefined, nowMs: number): BandwidthSummary | undefined {
  const forward = holding(tests?.forward, nowMs);
  const back = holding(tests?.return, nowMs);
  if (forward === undefined && back === undefined) return tests && untoldOf(tests, nowMs);
  return {
    ...(forward && { forward_mbps: forward.mbps }),
    ...(back && { return_mbps: back.mbps }),
    at_ms: Math.min(forward?.at_ms ?? Infinity, back?.at_ms ?? Infinity),
  };
}

/** What was the limit of a rate that is not the path's. */
const boundBy = {
  path: 'limited by the path',
  sender: 'limited by the sender',
  receiver: 'limited by the receiver',
  cap: 'ended by the byte budget',
  unknown: 'limited by nobody knows what',
} as const;

/** What the newest test came to, as long as a rate of it would hold. */
function untoldOf({ latest, skipped }: PathTests, nowMs: number): BandwidthSummary | undefined {
  const newest = skipped !== undefined && skipped.at_ms > (latest?.at_ms ?? 0) ? skipped : latest;
  if (newest === undefined || nowMs - newest.at_ms > rateHoldsMs(newest.interval_ms)) return undefined;
  const { at_ms, results = [], skipped: why } = newest;
  if (why !== undefined) return { at_ms, untold: { reason: `skipped: ${why}` } };
  const bounded = results.filter(({ outcome, mbps }) => outcome === 'ok' && mbps !== undefined);
  const [slowest] = bounded.sort((a, b) => (a.mbps ?? 0) - (b.mbps ?? 0));
  if (slowest?.mbps !== undefined) {
    const by = boundBy[slowest.limited_by ?? 'unknown'];
    return { at_ms, untold: { at_least_mbps: slowest.mbps, reason: by } };
  }
  const [failed] = results;
  if (failed === undefined) return undefined;
  const { outcome, reason } = failed;
  return { at_ms, untold: { reason: reason === undefined ? outcome : `${outcome}: ${reason}` } };
}

/** When a path was last tested with a valid rate, and at all; 0: never. */
export function lastOf(tests: PathTests | undefined): { validMs: number; triedMs: number } {
  const validMs = Math.max(tests?.forward?.at_ms ?? 0, tests?.return?.at_ms ?? 0);
  return { validMs, triedMs: tests?.latest?.at_ms ?? 0 };
}
