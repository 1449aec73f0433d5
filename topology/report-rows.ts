import { nameOf } from './ascii-map.ts';
import type { TopologyMap } from './topology-map.ts';

/** What a report shows, as cells of plain text that nothing has been escaped in. */
export interface ReportTables {
  services: { head: string[]; rows: string[][] };
  dependencies: { head: string[]; rows: string[][] };
}

export function reportTables(map: TopologyMap): ReportTables {
  return {
    services: {
      head: ['Service', 'Type', 'Endpoints', 'Called by', 'Calls', 'Health'],
      rows: Object.values(map.services).map((one) => [
        one.service_name,
        one.service_type,
        one.endpoints.map(({ host, port, protocol }) => `${host}:${port} [${protocol}]`).join(', '),
        String(one.fan_in),
        String(one.fan_out),
        one.health,
      ]),
    },
    dependencies: {
      head: [
        'Caller',
        'Callee',
        'Protocol',
        'Requests',
        'Mean ms',
        'p95 ms',
        '4xx',
        '5xx',
        '499',
        'No answer',
        'Health',
      ],
      rows: map.dependencies.map((one) => [
        nameOf(map, one.source_service),
        nameOf(map, one.target_service),
        one.protocol,
        String(one.request_count),
        one.avg_latency_ms?.toFixed(1) ?? '–',
        one.p95_latency_ms?.toFixed(1) ?? '–',
        String(one.client_errors),
        String(one.server_errors),
        String(one.client_gone),
        String(one.transport_failures),
        one.health,
      ]),
    },
  };
}
