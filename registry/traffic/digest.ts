import type { TrafficCoverage } from '@netring/contract/coverage';
import type { GraphDependency, GraphService } from '@netring/contract/graph';

/** A path counts as measured for so long after its newest result. */
const freshMs = 60_000;
const mostPairs = 100;

/**
 * What crosses locations, the heaviest pairs first, and how much of it runs over a path that was measured in the last
 * minute: coverage as people mean it.
 */
export function digestOf(
  dependencies: readonly GraphDependency[],
  services: Readonly<Record<string, GraphService>>,
  nowMs: number,
): TrafficCoverage {
  const pairs = new Map<string, TrafficCoverage['pairs'][number]>();
  for (const one of dependencies) {
    const source = services[one.source_service]?.location;
    const target = services[one.target_service]?.location;
    if (source === undefined || target === undefined || source === target || one.request_count === 0)
      continue;
    const key = JSON.stringify([source, target]);
    const pair = pairs.get(key) ?? { source, target, requests: 0, bytes: 0, measured_requests: 0 };
    pairs.set(key, pair);
    pair.requests += one.request_count;
    pair.bytes += one.total_bytes ?? 0;
    if (isMeasured(one, nowMs)) pair.measured_requests += one.request_count;
  }
  const all = [...pairs.values()].sort(
    (a, b) => b.requests - a.requests || b.bytes - a.bytes || (a.source < b.source ? -1 : 1),
  );
  const sum = (of: (one: (typeof all)[number]) => number): number =>
    all.reduce((total, one) => total + of(one), 0);
  const [requests, measured_requests] = [sum((one) => one.requests), sum((one) => one.measured_requests)];
  return {
    requests,
    measured_requests,
    ...(requests > 0 && { measured_share: measured_requests / requests }),
    pairs: all.slice(0, mostPairs),
  };
}

function isMeasured({ path }: GraphDependency, nowMs: number): boolean {
  const isLaid = path.kind === 'member' || path.kind === 'location';
  return isLaid && path.state !== 'unknown' && (path.at_ms ?? -Infinity) >= nowMs - freshMs;
}
