import {
  TopologyMap,
  type Evidence,
  type Protocol,
  type ServiceDependency,
  type ServiceType,
} from '@netring/topology';
import { serviceWords } from '../map/words.ts';
import type { Shown } from './shown.ts';

/** What is shown as the topology library knows a graph, for what it draws. */
export function mapOf({ graph, services, dependencies }: Shown): TopologyMap {
  const { from_ms: from, to_ms: to, hidden, total_observations, more_services } = graph.metadata;
  return new TopologyMap(
    services.map((one) => ({
      ...structuredClone(one),
      // People tell services of two locations apart by their location.
      service_name: serviceWords(one, one.service_id),
      service_type: one.service_type as ServiceType,
      endpoints: one.endpoints.map((at) => ({ ...at, protocol: at.protocol as Protocol })),
      first_seen: Date.parse(one.first_seen),
      last_seen: Date.parse(one.last_seen),
    })),
    dependencies.map(
      (one) =>
        ({
          ...structuredClone(one),
          evidence: one.evidence as Evidence[],
          first_seen: Date.parse(one.first_seen),
          last_seen: Date.parse(one.last_seen),
        }) as ServiceDependency,
    ),
    to,
    {
      total_observations,
      service_count: services.length,
      dependency_count: dependencies.length,
      from,
      to,
      rejected: {},
      hidden,
      folded_services: more_services,
    },
  );
}
