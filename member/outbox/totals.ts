import { record } from '@netring/contract/histogram';
import type { PathTotals } from '@netring/contract/report';
import { latencyOf } from '@netring/contract/result';
import type { Measured } from '../probe/index.ts';

/** What a finding is called in a report. */
export interface Naming {
  target: string;
  endpoint: string | undefined;
}

/** The totals of a path in which nothing has been found yet but `first`. */
export function firstTotals({ target, endpoint }: Naming, first: Measured): PathTotals {
  const empty: PathTotals = {
    target,
    ...(endpoint !== undefined && { endpoint }),
    checks: 0,
    failed: 0,
    voided: 0,
    sent: 0,
    lost: 0,
    latency: [],
    last: first.result,
  };
  addTo(empty, first);
  return empty;
}

/** Adds one finding to `totals`, in place. A voided one is shown, and counted as nothing else; a disturbed one is shown. */
export function addTo(totals: PathTotals, { result, sent, lost, latencies }: Measured): void {
  totals.last = result;
  if (result.outcome === 'void') {
    totals.voided++;
    return;
  }
  // It says what the bandwidth test did to the path, not how the path is.
  if (result.disturbed === true) return;
  totals.checks++;
  if (result.outcome !== 'ok') totals.failed++;
  totals.sent += sent;
  totals.lost += lost;
  if (latencies !== undefined) {
    for (const ms of latencies) record(totals.latency, ms);
    return;
  }
  // Results of several packets tell each of their round trips; the one that stands for them is no round trip more.
  if (result.kind === 'icmp' || result.kind === 'udp') return;
  const latencyMs = latencyOf(result);
  if (latencyMs !== undefined) record(totals.latency, latencyMs);
}
