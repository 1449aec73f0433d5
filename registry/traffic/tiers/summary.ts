import type { StretchSummary } from '@netring/contract/topology';
import { healthOf, HistogramSum } from '@netring/topology';
import type { CountFacts, Judged } from '../facts.ts';

/** What a summary asks of a dependency in a stretch of time. */
export interface Summed {
  source: string;
  target: string;
  /** Absent where nobody counted. */
  counts: CountFacts | undefined;
  judged: Judged | undefined;
}

/** What went on in a stretch of time. Without any verdict that is kept it says nothing of blame and paths. */
export function summaryOf(startMs: number, durationMs: number, all: Iterable<Summed>): StretchSummary {
  const health = { healthy: 0, slow: 0, failing: 0, unknown: 0 };
  const blame = { network: 0, application: 0, both: 0, none: 0, unknown: 0 };
  const path = { ok: 0, degraded: 0, down: 0, unknown: 0 };
  const services = new Set<string>();
  const scratch = new HistogramSum();
  let [requests, errors, dependencies, judgements] = [0, 0, 0, 0];
  for (const { source, target, counts, judged } of all) {
    services.add(source).add(target);
    dependencies++;
    requests += counts?.requests ?? 0;
    errors += failedOf(counts);
    health[counts === undefined ? 'unknown' : healthOf(healthFacts(counts, scratch))]++;
    blame[judged?.blame.verdict ?? 'unknown']++;
    path[judged?.path.state ?? 'unknown']++;
    if (judged !== undefined) judgements++;
  }
  return {
    start_ms: startMs,
    duration_ms: durationMs,
    requests: Math.round(requests),
    errors: Math.round(errors),
    services: services.size,
    dependencies,
    health,
    ...(judgements > 0 && { blame, path }),
  };
}

function failedOf(counts: CountFacts | undefined): number {
  return counts === undefined ? 0 : counts.server_errors + counts.transport_failures;
}

/** As a dependency is drawn. */
function healthFacts(counts: CountFacts, scratch: HistogramSum): Parameters<typeof healthOf>[0] {
  const mean = counts.latency_count > 0 ? counts.latency_sum_ms / counts.latency_count : undefined;
  scratch.clear();
  scratch.add(counts.latency);
  const [p95] = scratch.percentiles([0.95], counts.latency_max_ms) ?? [];
  return {
    requests: counts.requests,
    judged: counts.requests - counts.unjudged,
    failed: failedOf(counts),
    p95Ms: p95 ?? mean,
  };
}
