import { fields } from './cell.ts';
import type { ServiceClassifier, ServiceFacts } from './classifier.ts';
import type { ServiceEntry } from './entries.ts';
import { healthOf, worstHealth, type HealthThresholds } from './health.ts';
import { tokensOf } from './name.ts';
import {
  type Service,
  type ServiceDependency,
  type ServiceEndpoint,
  TopologyMap,
  type TopologyMetadata,
} from './topology-map.ts';
import { bestEvidence, type Edge, type Node, type Sum, type View } from './view.ts';

export interface DrawOptions {
  classifier: ServiceClassifier;
  health: HealthThresholds;
  /** Endpoints that a service shows. */
  endpoints: number;
  /** Listeners seen in this time are shown. */
  fromMs: number;
  toMs: number;
}

/** The map of a view: plain, immutable, in a stable order. */
export function drawMap(
  view: View,
  metadata: Omit<TopologyMetadata, 'service_count' | 'dependency_count'>,
  options: DrawOptions,
): TopologyMap {
  const pairs = new Set(view.edges.map(({ source, target }) => JSON.stringify([source, target])));
  const dependencies = view.edges.map((edge) => ({
    edge,
    dependency: dependencyOf(edge, pairs.has(JSON.stringify([edge.target, edge.source])), options.health),
  }));
  const neighbours = neighboursOf(view, dependencies);
  const services = [...view.nodes.values()].map((node) => serviceOf(node, neighbours, view, options));
  const sorted = dependencies.map(({ dependency }) => dependency).sort(byEnds);
  const newest = services.reduce((latest, one) => Math.max(latest, one.last_seen), 0);
  return new TopologyMap(
    services.sort((a, b) => compare(a.service_id, b.service_id)),
    sorted,
    newest,
    {
      ...metadata,
      service_count: services.length,
      dependency_count: sorted.length,
    },
  );
}

interface Neighbours {
  inbound: Map<string, { edge: Edge; dependency: ServiceDependency }[]>;
  outbound: Map<string, { edge: Edge; dependency: ServiceDependency }[]>;
}

function neighboursOf(view: View, all: { edge: Edge; dependency: ServiceDependency }[]): Neighbours {
  const empty = (): Neighbours['inbound'] => new Map([...view.nodes.keys()].map((id) => [id, []]));
  const neighbours = { inbound: empty(), outbound: empty() };
  for (const one of all) {
    neighbours.outbound.get(one.edge.source)?.push(one);
    neighbours.inbound.get(one.edge.target)?.push(one);
  }
  return neighbours;
}

function dependencyOf(edge: Edge, isMutual: boolean, health: HealthThresholds): ServiceDependency {
  const evidence = bestEvidence(edge.byEvidence);
  const { row, latency } = edge.byEvidence.get(evidence) as Sum;
  const whole = (field: number): number => Math.round(row[field] as number);
  const failed = whole(fields.serverErrors) + whole(fields.transportFailures);
  const [p50, p95, p99] = latency?.percentiles([0.5, 0.95, 0.99], row[fields.latencyMax]) ?? [];
  const count = row[fields.latencyCount] as number;
  const times = [...edge.byEvidence.values()].map((one) => one.row[fields.lastSeen] as number);
  const averageMs = count > 0 ? (row[fields.latencySum] as number) / count : undefined;
  const p95Ms = p95 ?? averageMs;
  return {
    source_service: edge.source,
    target_service: edge.target,
    protocol: edge.protocol,
    direction: isMutual ? 'bidirectional' : 'outbound',
    request_count: whole(fields.requests),
    total_bytes: whole(fields.bytesSent) + whole(fields.bytesReceived),
    bytes_sent: whole(fields.bytesSent),
    bytes_received: whole(fields.bytesReceived),
    error_count: whole(fields.clientErrors) + failed,
    client_errors: whole(fields.clientErrors),
    server_errors: whole(fields.serverErrors),
    client_gone: whole(fields.clientGone),
    transport_failures: whole(fields.transportFailures),
    ...(averageMs === undefined
      ? {}
      : { avg_latency_ms: averageMs, max_latency_ms: row[fields.latencyMax] as number }),
    ...(p50 === undefined || p95 === undefined || p99 === undefined
      ? {}
      : { p50_latency_ms: p50, p95_latency_ms: p95, p99_latency_ms: p99 }),
    health: healthOf(
      {
        requests: row[fields.requests] as number,
        judged: (row[fields.requests] as number) - (row[fields.unjudged] as number),
        failed: (row[fields.serverErrors] as number) + (row[fields.transportFailures] as number),
        p95Ms,
      },
      health,
    ),
    evidence: [...edge.byEvidence.keys()].sort(),
    counted_by: evidence,
    first_seen: edge.firstSeenMs,
    last_seen: Math.max(...times),
  };
}

function serviceOf(node: Node, neighbours: Neighbours, view: View, options: DrawOptions): Service {
  const { id } = node;
  const entries = [...node.entries];
  const inbound = neighbours.inbound.get(id) ?? [];
  const outbound = neighbours.outbound.get(id) ?? [];
  const first = entries[0] as ServiceEntry;
  const endpoints = endpointsOf(entries, options);
  const name = entries.some((one) => one.id === id) ? first.name : id;
  const facts = factsOf(node, name, endpoints, inbound, outbound, view);
  const given = entries.map((one) => one.annotation?.type).find((type) => type !== undefined);
  const classified = options.classifier.classify(facts);
  const all = [...inbound, ...outbound].map(({ dependency }) => dependency);
  return {
    service_id: id,
    service_name: name,
    service_type: given ?? classified.type,
    type_rule: given === undefined ? classified.rule : 'given',
    endpoints: endpoints.slice(0, options.endpoints),
    more_endpoints:
      Math.max(0, endpoints.length - options.endpoints) +
      entries.reduce((sum, one) => sum + one.moreListeners, 0),
    ...(first.network === undefined ? {} : { network: first.network }),
    inside: facts.isInside,
    tags: together(entries.map((one) => one.annotation?.tags)),
    metadata: together(entries.map((one) => one.annotation?.metadata)),
    fan_in: distinct(
      inbound.map(({ edge }) => edge.source),
      id,
    ),
    fan_out: distinct(
      outbound.map(({ edge }) => edge.target),
      id,
    ),
    health: worstHealth(inbound.map(({ dependency }) => dependency.health)),
    first_seen: Math.min(...all.map((one) => one.first_seen)),
    last_seen: Math.max(...all.map((one) => one.last_seen)),
  };
}

function endpointsOf(entries: readonly ServiceEntry[], { fromMs, toMs }: DrawOptions): ServiceEndpoint[] {
  return entries
    .flatMap((entry) => [...entry.listeners.values()])
    .filter((one) => one.lastSeenMs >= fromMs && one.firstSeenMs < toMs)
    .map(({ host, port, protocol }) => ({ host, port, protocol }))
    .sort((a, b) => compare(a.host, b.host) || a.port - b.port || compare(a.protocol, b.protocol));
}

type Ends = Neighbours['inbound'] extends Map<string, infer T> ? T : never;

function factsOf(
  node: Node,
  name: string,
  endpoints: readonly ServiceEndpoint[],
  inbound: Ends,
  outbound: Ends,
  view: View,
): ServiceFacts {
  const isInside = (id: string): boolean =>
    [...(view.nodes.get(id)?.entries ?? [])].some((one) => one.isInside);
  const requests = (ends: Ends): number =>
    ends.reduce((sum, { dependency }) => sum + dependency.request_count, 0);
  const handedOn = outbound.filter(({ edge }) =>
    ['http', 'https', 'grpc', 'websocket'].includes(edge.protocol),
  );
  const api = inbound.reduce((sum, { edge, dependency }) => sum + apiRequests(edge, dependency), 0);
  const listeners = (id: string): number =>
    [...(view.nodes.get(id)?.entries ?? [])].reduce((sum, one) => sum + one.listeners.size, 0);
  return {
    name,
    tokens: tokensOf(name),
    hosts: [...new Set(endpoints.map(({ host }) => host))],
    ports: [...new Set(endpoints.map(({ port }) => port))],
    protocols: new Set(inbound.map(({ edge }) => edge.protocol)),
    isInside: isInside(node.id),
    isCalledFromInside: inbound.some(({ edge }) => edge.source !== node.id && isInside(edge.source)),
    apiShare: api / Math.max(1, requests(inbound)),
    fanIn: distinct(
      inbound.map(({ edge }) => edge.source),
      node.id,
    ),
    fanOut: distinct(
      outbound.map(({ edge }) => edge.target),
      node.id,
    ),
    requestsIn: requests(inbound),
    requestsOut: requests(handedOn),
    replicasBehind: Math.max(0, ...handedOn.map(({ edge }) => listeners(edge.target))),
  };
}

function apiRequests(edge: Edge, { counted_by }: ServiceDependency): number {
  return edge.byEvidence.get(counted_by)?.row[fields.apiRequests] as number;
}

function distinct(ids: readonly string[], except: string): number {
  return new Set(ids.filter((id) => id !== except)).size;
}

function byEnds(a: ServiceDependency, b: ServiceDependency): number {
  return (
    compare(a.source_service, b.source_service) ||
    compare(a.target_service, b.target_service) ||
    compare(a.protocol, b.protocol)
  );
}

/** All properties as a new object; defined rather than set, so that `__proto__` is a name like any other. */
function together<T>(records: readonly (Readonly<Record<string, T>> | undefined)[]): Record<string, T> {
  return Object.fromEntries(records.flatMap((one) => Object.entries(one ?? {})));
}

/** By code units: the same everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
