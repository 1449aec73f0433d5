import { escapeDot } from './escape.ts';
import type { Service, ServiceDependency, TopologyMap } from './topology-map.ts';
import type { ServiceType } from './protocol.ts';

export interface DotOptions {
  /** What a node's colour says: its type, or how many incidents it has (green none, yellow 1–10, red more). */
  colour?: 'type' | 'incidents';
  /** Incidents in the last ten minutes by service id, for `colour: 'incidents'`. */
  incidents?: Readonly<Record<string, number>>;
  /** Where to reach services that have incidents, by id. */
  accessUrls?: Readonly<Record<string, string>>;
}

const colours: Record<ServiceType, string> = {
  web_server: '#aed6f1',
  api_gateway: '#f9e79f',
  microservice: '#abebc6',
  database: '#f5b7b1',
  cache: '#fad7a0',
  message_queue: '#d7bde2',
  load_balancer: '#a3e4d7',
  external_api: '#d5d8dc',
  unknown: '#ffffff',
};

/** The map for Graphviz. Nodes are numbered, so that names stand in labels only. */
export function dotGraph(map: TopologyMap, options: DotOptions = {}): string {
  const services = Object.values(map.services);
  const numbers = new Map(services.map((one, at) => [one.service_id, `n${at}`]));
  const lines = [
    'digraph topology {',
    '  rankdir=LR;',
    '  node [shape=box, style="rounded,filled", fontname="Helvetica"];',
    '  edge [fontname="Helvetica", fontsize=10];',
    ...services.map((one) => `  ${numbers.get(one.service_id)} [${nodeAttributes(one, options)}];`),
    ...map.dependencies.map(
      (one) =>
        `  ${numbers.get(one.source_service)} -> ${numbers.get(one.target_service)} [${edgeAttributes(one)}];`,
    ),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

function nodeAttributes(
  service: Service,
  { colour = 'type', incidents = {}, accessUrls = {} }: DotOptions,
): string {
  const { service_id, service_name, service_type } = service;
  const count = Object.hasOwn(incidents, service_id) ? (incidents[service_id] ?? 0) : 0;
  const url = count > 0 && Object.hasOwn(accessUrls, service_id) ? accessUrls[service_id] : undefined;
  const lines = [service_name, service_type, ...(url === undefined ? [] : [url])];
  const fill = colour === 'type' ? colours[service_type] : incidentColour(count);
  // A dashed border marks what lies outside.
  const style = service.inside ? '' : ', style="rounded,filled,dashed"';
  return `label="${lines.map(escapeDot).join('\\n')}", fillcolor="${fill}"${style}`;
}

function incidentColour(count: number): string {
  if (count === 0) return 'green';
  return count <= 10 ? 'yellow' : 'red';
}

function edgeAttributes({ request_count, avg_latency_ms, error_count }: ServiceDependency): string {
  const lines = [
    `${request_count} reqs`,
    ...(avg_latency_ms === undefined ? [] : [`${avg_latency_ms.toFixed(1)} ms`]),
    ...(error_count > 0 ? [`${error_count} errors`] : []),
  ];
  return `label="${lines.join('\\n')}"${error_count > 0 ? ', color="red", fontcolor="red"' : ''}`;
}
