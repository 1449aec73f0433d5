import type { Direction, Service, ServiceDependency, TopologyMap } from './topology-map.ts';

/** A service by its id, or by its name where only one has it. */
export function serviceOf(map: TopologyMap, idOrName: string): Service | undefined {
  if (Object.hasOwn(map.services, idOrName)) return map.services[idOrName];
  const named = Object.values(map.services).filter((one) => one.service_name === idOrName);
  return named.length === 1 ? named[0] : undefined;
}

/** The dependencies of a service, each with its direction as seen from there; busiest first. */
export function dependenciesOf(
  map: TopologyMap,
  idOrName: string,
  direction?: Exclude<Direction, 'bidirectional'>,
): ServiceDependency[] {
  const id = serviceOf(map, idOrName)?.service_id;
  const found = map.dependencies.flatMap((one): ServiceDependency[] => {
    const isOut = one.source_service === id && direction !== 'inbound';
    const isIn = one.target_service === id && direction !== 'outbound';
    if (!isOut && !isIn) return [];
    const seen: Direction =
      one.direction === 'bidirectional' ? one.direction : isOut ? 'outbound' : 'inbound';
    return [{ ...one, direction: seen }];
  });
  return found.sort((a, b) => b.request_count - a.request_count);
}

/** Every service with the number of its dependencies in either direction, the greatest first. */
export function criticalServices(map: TopologyMap): [id: string, degree: number][] {
  const degrees = new Map(Object.keys(map.services).map((id) => [id, 0]));
  for (const { source_service, target_service } of map.dependencies)
    for (const id of new Set([source_service, target_service])) degrees.set(id, (degrees.get(id) ?? 0) + 1);
  return [...degrees].sort((a, b) => b[1] - a[1]);
}

/** Dependencies whose mean latency is at least so many milliseconds, the slowest first. */
export function slowDependencies(map: TopologyMap, thresholdMs: number): ServiceDependency[] {
  const mean = (one: ServiceDependency): number => one.avg_latency_ms ?? -1;
  return map.dependencies.filter((one) => mean(one) >= thresholdMs).sort((a, b) => mean(b) - mean(a));
}

export interface TrafficPatterns {
  /** Requests, each counted once. */
  total_observations: number;
  total_bytes: number;
  /** Over all requests whose latency is known; 0 when none is. */
  avg_latency_ms: number;
  /** Share (0–1) of requests that failed. */
  error_rate: number;
  /** Requests by protocol, most first. */
  protocol_distribution: Record<string, number>;
  service_count: number;
  dependency_count: number;
}

export function analyzeTraffic({ dependencies, services }: TopologyMap): TrafficPatterns {
  const sum = (of: (one: ServiceDependency) => number): number =>
    dependencies.reduce((total, one) => total + of(one), 0);
  const requests = sum((one) => one.request_count);
  const timed = sum((one) => (one.avg_latency_ms === undefined ? 0 : one.request_count));
  const byProtocol = new Map<string, number>();
  for (const { protocol, request_count } of dependencies)
    byProtocol.set(protocol, (byProtocol.get(protocol) ?? 0) + request_count);
  return {
    total_observations: requests,
    total_bytes: sum((one) => one.total_bytes),
    avg_latency_ms: timed === 0 ? 0 : sum((one) => (one.avg_latency_ms ?? 0) * one.request_count) / timed,
    error_rate: requests === 0 ? 0 : sum((one) => one.error_count) / requests,
    protocol_distribution: Object.fromEntries([...byProtocol].sort((a, b) => b[1] - a[1])),
    service_count: Object.keys(services).length,
    dependency_count: dependencies.length,
  };
}
