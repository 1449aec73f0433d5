import { escapeTerminal } from './escape.ts';
import type { ServiceDependency, ServiceEndpoint, TopologyMap } from './topology-map.ts';

const rule = '='.repeat(80);

/** The map as people read it in a terminal: services with their endpoints, then who calls whom. */
export function asciiMap(map: TopologyMap): string {
  const services = Object.values(map.services);
  const calls = new Map<string, ServiceDependency[]>();
  for (const one of map.dependencies) {
    const others = calls.get(one.source_service);
    if (others === undefined) calls.set(one.source_service, [one]);
    else others.push(one);
  }
  const lines = [
    rule,
    'APPLICATION TOPOLOGY MAP',
    rule,
    '',
    `Total Services: ${services.length}`,
    `Total Dependencies: ${map.dependencies.length}`,
    '',
    'SERVICES:',
    ...services.flatMap((one) => [
      `  • ${escapeTerminal(one.service_name)} (${one.service_type})`,
      ...one.endpoints.map((endpoint) => `    - ${endpointText(endpoint)} [${endpoint.protocol}]`),
      ...(one.more_endpoints > 0 ? [`    - +${one.more_endpoints} more`] : []),
    ]),
    '',
    'DEPENDENCIES:',
    ...[...calls].flatMap(([caller, all]) => [
      `  ${escapeTerminal(nameOf(map, caller))}`,
      ...all.map((to) => `    → ${escapeTerminal(nameOf(map, to.target_service))} ${figuresOf(to)}`),
    ]),
    '',
    rule,
  ];
  return `${lines.join('\n')}\n`;
}

/** `host:port`, an IPv6 address in brackets. */
function endpointText({ host, port }: ServiceEndpoint): string {
  return escapeTerminal(host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
}

function figuresOf({ request_count, avg_latency_ms, error_count }: ServiceDependency): string {
  const latency = avg_latency_ms === undefined ? '' : `, ${avg_latency_ms.toFixed(1)}ms avg`;
  return `[${request_count} reqs${latency}]${error_count > 0 ? ` (${error_count} errors)` : ''}`;
}

/** The name of a service of the map; its id where it has none. */
export function nameOf(map: TopologyMap, id: string): string {
  return map.services[id]?.service_name ?? id;
}
