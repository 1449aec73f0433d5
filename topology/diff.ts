import type { Health, ServiceDependency, TopologyMap } from './topology-map.ts';
import type { Protocol, ServiceType } from './protocol.ts';

/** What tells one dependency of a map from another. */
export interface DependencyKey {
  source_service: string;
  target_service: string;
  protocol: Protocol;
}

export interface TopologyDiff {
  services: {
    gained: string[];
    lost: string[];
    /** Known in both, and taken for something else. */
    reclassified: { service_id: string; from: ServiceType; to: ServiceType }[];
    changed_health: { service_id: string; from: Health; to: Health }[];
  };
  dependencies: {
    gained: DependencyKey[];
    lost: DependencyKey[];
    changed_health: (DependencyKey & { from: Health; to: Health })[];
  };
}

/** What the second map has and the first has not, the other way round, and what does better or worse. */
export function diff(before: TopologyMap, after: TopologyMap): TopologyDiff {
  const was = new Map(before.dependencies.map((one) => [textOf(one), one]));
  const is = new Map(after.dependencies.map((one) => [textOf(one), one]));
  const stayed = Object.values(after.services).flatMap((now) => {
    const then = Object.hasOwn(before.services, now.service_id) ? before.services[now.service_id] : undefined;
    return then === undefined ? [] : [{ service_id: now.service_id, then, now }];
  });
  return {
    services: {
      gained: Object.keys(after.services).filter((id) => !Object.hasOwn(before.services, id)),
      lost: Object.keys(before.services).filter((id) => !Object.hasOwn(after.services, id)),
      reclassified: stayed
        .filter(({ then, now }) => then.service_type !== now.service_type)
        .map(({ service_id, then, now }) => ({ service_id, from: then.service_type, to: now.service_type })),
      changed_health: stayed
        .filter(({ then, now }) => then.health !== now.health)
        .map(({ service_id, then, now }) => ({ service_id, from: then.health, to: now.health })),
    },
    dependencies: {
      gained: [...is].filter(([key]) => !was.has(key)).map(([, one]) => keyOf(one)),
      lost: [...was].filter(([key]) => !is.has(key)).map(([, one]) => keyOf(one)),
      changed_health: [...is].flatMap(([key, now]) => {
        const then = was.get(key);
        if (then === undefined || then.health === now.health) return [];
        return [{ ...keyOf(now), from: then.health, to: now.health }];
      }),
    },
  };
}

function keyOf({ source_service, target_service, protocol }: ServiceDependency): DependencyKey {
  return { source_service, target_service, protocol };
}

function textOf(one: ServiceDependency): string {
  return JSON.stringify([one.source_service, one.target_service, one.protocol]);
}
