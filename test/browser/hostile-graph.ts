import type { GraphAnswer } from '@netring/contract/graph';
import { hostileNames } from './hostile-ring.ts';
import { dependency, graphOf, service } from './scripted-graph.ts';

/** A service graph in which every text from outside is hostile. */
export function hostileGraph(): GraphAnswer {
  const services = hostileNames.map((name) =>
    service(`s/${name}`, {
      service_id: name,
      service_name: name,
      service_type: name,
      type_rule: name,
      location: name,
      candidates: [name],
      endpoints: [{ host: name, port: 1, protocol: name }],
      instances: [{ member: name, host: name, address: name, ports: [1], process: name, pid: 1 }],
      tags: { [name]: name },
    }),
  );
  const dependencies = hostileNames.map((name, at) =>
    dependency(name, hostileNames[(at + 1) % hostileNames.length] ?? name, {
      id: `d${at}`,
      protocol: name,
      health: 'failing',
      seen_by: [{ member: name, evidence: [name] }],
      path: {
        kind: 'member',
        source: name,
        target: name,
        state: 'down',
        reasons: [name],
        worst_step: { ttl: 1, ip: name, added_ms: 1 },
      },
      blame: {
        verdict: 'both',
        reasons: [name],
        shares: { total_ms: 3, network_ms: 1, application_ms: 1, proxy_ms: 1 },
      },
    }),
  );
  const graph = graphOf(services, dependencies);
  const source = { kind: 'sockets' as const, state: 'limited' as const, taken: 0, rejected: {} };
  return {
    ...graph,
    sources: hostileNames.map((name) => ({ ...source, member: name, name, reason: name, losses: [name] })),
  };
}
