import type { GraphDependency } from '@netring/contract/graph';
import type { Link, LinkNode } from '@netring/contract/link';
import type { criticalAnswer, patternsAnswer, ServiceAnswer } from '@netring/contract/topology';
import type { z } from 'zod';
import { terminalText } from '../terminal-text.ts';
import { textTable } from '../text-table.ts';

export function nodeTable(nodes: readonly LinkNode[]): string {
  if (nodes.length === 0) return 'no nodes';
  const rows = nodes.map((one) => [
    one.name,
    one.kind,
    one.location ?? '',
    one.address ?? '',
    one.roles.join(','),
    one.status,
    String(one.incidents),
    one.id.slice(0, 12),
  ]);
  return textTable(['NAME', 'KIND', 'LOCATION', 'ADDRESS', 'ROLES', 'STATUS', 'INCIDENTS', 'ID'], rows);
}

/** @param nodes names for the ends */
export function linkTable(links: readonly Link[], nodes: readonly LinkNode[]): string {
  if (links.length === 0) return 'no links';
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? id.slice(0, 12);
  const rows = links.map((one) => [
    nameOf(one.active),
    nameOf(one.passive),
    one.role,
    one.is_open ? 'open' : 'not open',
    one.hops === undefined ? '' : String(one.hops),
    number(one.up.messages_per_second?.last),
    number(one.up.bytes_per_second?.last),
    number(one.down.bytes_per_second?.last),
    number(roundTripMs(one)),
    number(one.up.queue_depth?.last),
    String(one.incidents.count),
  ]);
  const head = [
    'FROM',
    'TO',
    'ROLE',
    'STATE',
    'HOPS',
    'MSG/S',
    'UP B/S',
    'DOWN B/S',
    'NET MS',
    'QUEUE B',
    'INCIDENTS',
  ];
  return textTable(head, rows);
}

/**
 * Both ends time the same round trip. The caller's time has the callee's own in it wherever the answer carries the
 * acknowledgement: the lesser one is nearer to the network.
 */
function roundTripMs({ up, down }: Link): number | undefined {
  const least = Math.min(up.net_latency?.last ?? Infinity, down.net_latency?.last ?? Infinity);
  return least === Infinity ? undefined : least;
}

export function dependencyTable(dependencies: readonly GraphDependency[]): string {
  if (dependencies.length === 0) return 'none';
  const rows = dependencies.map((one) => [
    one.source_service,
    one.target_service,
    one.protocol,
    String(one.request_count),
    String(one.error_count),
    number(one.avg_latency_ms),
    number(one.p95_latency_ms),
    one.path.state,
    one.blame.verdict,
    one.blame.reasons[0] ?? '',
  ]);
  const head = ['FROM', 'TO', 'PROTOCOL', 'REQUESTS', 'ERRORS', 'MEAN MS', 'P95 MS', 'PATH', 'BLAME', 'WHY'];
  return textTable(head, rows);
}

export function serviceText({ service, dependencies, total, ...rest }: ServiceAnswer): string {
  const moved = (one: ServiceAnswer['total']['inbound']) =>
    `${one.requests} requests (${number(one.requests_per_second)}/s), ${one.errors} errors`;
  return [
    `${terminalText(service.service_id)} (${service.service_type}): ${service.health}`,
    `in: ${moved(total.inbound)}`,
    `out: ${moved(total.outbound)}`,
    `${rest.transitive_dependents} services depend on it, over others too${rest.articulation_point ? '; the graph falls apart without it' : ''}`,
    '',
    dependencyTable(dependencies),
  ].join('\n');
}

export function criticalTable({
  critical,
  roles,
  single_points_of_failure,
}: z.infer<typeof criticalAnswer>): string {
  if (critical.length === 0) return 'no services';
  const byId = new Map(roles.map((one) => [one.service_id, one]));
  const single = new Set(single_points_of_failure);
  const rows = critical.map(([id, degree]) => {
    const role = byId.get(id);
    return [
      id,
      String(degree),
      String(role?.fan_in ?? ''),
      String(role?.fan_out ?? ''),
      String(role?.transitive_dependents ?? ''),
      single.has(id) ? 'single point of failure' : '',
    ];
  });
  return textTable(['SERVICE', 'DEGREE', 'FAN-IN', 'FAN-OUT', 'DEPENDENTS', ''], rows);
}

export function patternsTable(answer: z.infer<typeof patternsAnswer>): string {
  const rows = [
    ['from', new Date(Math.round(answer.from_ms)).toISOString()],
    ['to', new Date(Math.round(answer.to_ms)).toISOString()],
    ['services', String(answer.service_count)],
    ['dependencies', String(answer.dependency_count)],
    ['observations', String(answer.total_observations)],
    ['bytes', answer.total_bytes === undefined ? 'not counted' : String(answer.total_bytes)],
    ['mean latency', answer.avg_latency_ms > 0 ? `${number(answer.avg_latency_ms)} ms` : 'not measured'],
    ['errors', answer.total_observations > 0 ? `${number(100 * answer.error_rate)} %` : 'not measured'],
    ...Object.entries(answer.protocol_distribution).map(([name, count]) => [name, String(count)]),
  ];
  return textTable(['OF THE WINDOW', ''], rows);
}

function number(value: number | undefined): string {
  return value === undefined ? '' : String(Math.round(value * 100) / 100);
}
