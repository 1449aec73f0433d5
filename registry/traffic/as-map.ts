import type { GraphAnswer, GraphDependency, GraphService } from '@netring/contract/graph';
import {
  TopologyMap,
  type Evidence,
  type Protocol,
  type Service,
  type ServiceDependency,
  type ServiceType,
} from '@netring/topology';

/** A graph as the topology library knows one, for what it draws and works out. */
export function mapOf(graph: GraphAnswer): TopologyMap {
  const { from_ms: from, to_ms: to, hidden, total_observations, more_services } = graph.metadata;
  const services = Object.values(graph.services).map(serviceOf);
  const dependencies = graph.dependencies.map(dependencyOf);
  return new TopologyMap(services, dependencies, Date.parse(graph.timestamp), {
    total_observations,
    service_count: services.length,
    dependency_count: dependencies.length,
    from,
    to,
    rejected: {},
    hidden,
    folded_services: more_services,
  });
}

/** People tell services of two locations apart by their location. */
function serviceOf(one: GraphService): Service {
  const { first_seen, last_seen, location, service_name } = one;
  return {
    service_id: one.service_id,
    service_name: location === undefined ? service_name : `${service_name} (${location})`,
    service_type: one.service_type as ServiceType,
    type_rule: one.type_rule,
    endpoints: one.endpoints.map((at) => ({ ...at, protocol: at.protocol as Protocol })),
    more_endpoints: one.more_endpoints,
    inside: one.inside,
    tags: one.tags,
    metadata: one.metadata,
    fan_in: one.fan_in,
    fan_out: one.fan_out,
    health: one.health,
    first_seen: Date.parse(first_seen),
    last_seen: Date.parse(last_seen),
  };
}

function dependencyOf(one: GraphDependency): ServiceDependency {
  const dependency = {
    ...one,
    // The library adds up, and knows no bytes that nobody counted.
    total_bytes: one.total_bytes ?? 0,
    bytes_sent: one.bytes_sent ?? 0,
    bytes_received: one.bytes_received ?? 0,
    evidence: one.evidence as Evidence[],
    first_seen: Date.parse(one.first_seen),
    last_seen: Date.parse(one.last_seen),
  };
  return dependency as ServiceDependency;
}
