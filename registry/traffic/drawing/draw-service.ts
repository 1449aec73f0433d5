import type { GraphDependency, GraphService } from '@netring/contract/graph';
import {
  activityOf,
  ServiceClassifier,
  tokensOf,
  worstHealth,
  type Protocol,
  type ServiceFacts,
} from '@netring/topology';
import type { DependencyFacts } from '../facts.ts';
import type { GraphNode } from '../join/index.ts';
import { iso } from './draw-dependency.ts';

/** A dependency as its ends see it. */
export interface Edge {
  view: GraphDependency;
  facts: DependencyFacts;
  /** What its numbers are of: another object whenever they may be others. */
  counted: object;
  source: GraphNode;
  target: GraphNode;
  /** Requests whose path begins with `/api`. */
  apiRequests: number;
  seenAt: readonly { host: string; port: number; protocol: string }[];
  lastSeenMs: number;
  firstSeenMs: number;
}

/** A service with the dependencies that it takes part in. */
export interface Surrounded {
  node: GraphNode;
  inbound: Edge[];
  outbound: Edge[];
}

const mostEndpoints = 64;
const classifier = new ServiceClassifier();

/** By id: every service that any of the dependencies begins or ends at. */
export function surroundings(edges: Iterable<Edge>): Map<string, Surrounded> {
  const around = new Map<string, Surrounded>();
  const of = (node: GraphNode): Surrounded => {
    let one = around.get(node.id);
    if (one === undefined) around.set(node.id, (one = { node, inbound: [], outbound: [] }));
    return one;
  };
  for (const edge of edges) {
    of(edge.source).outbound.push(edge);
    of(edge.target).inbound.push(edge);
  }
  return around;
}

/** @param behind how many endpoints a service has, for those that hand on to many of the same kind */
export function drawService(
  { node, inbound, outbound }: Surrounded,
  behind: (id: string) => number,
  nowMs: number,
): GraphService {
  const endpoints = endpointsOf(node, inbound);
  const classified = classifier.classify(factsOf(node, endpoints, inbound, outbound, behind));
  const all = [...inbound, ...outbound];
  const lastSeenMs = all.reduce((latest, one) => Math.max(latest, one.lastSeenMs), -Infinity);
  const firstSeenMs = all.reduce((first, one) => Math.min(first, one.firstSeenMs), Infinity);
  return {
    service_id: node.id,
    service_name: node.name,
    service_type: classified.type,
    type_rule: classified.rule,
    endpoints: endpoints.slice(0, mostEndpoints),
    more_endpoints: Math.max(0, endpoints.length - mostEndpoints),
    ...(node.location !== undefined && { location: node.location }),
    kind: node.kind,
    ...(node.candidates && { candidates: node.candidates }),
    ...(node.named_by && { named_by: node.named_by }),
    instances: node.instances,
    inside: node.inside,
    health: worstHealth(inbound.map(({ view }) => view.health)),
    activity: all.length === 0 ? 'quiet' : activityOf(lastSeenMs, nowMs),
    fan_in: others(
      inbound.map(({ source }) => source.id),
      node.id,
    ),
    fan_out: others(
      outbound.map(({ target }) => target.id),
      node.id,
    ),
    tags: node.tags,
    metadata: node.metadata,
    first_seen: iso(all.length === 0 ? nowMs : firstSeenMs),
    last_seen: iso(all.length === 0 ? nowMs : lastSeenMs),
  };
}

/** What it says itself, and what it was seen listening at where it says nothing. */
export function endpointsOf(node: GraphNode, inbound: readonly Edge[]): GraphService['endpoints'] {
  if (node.endpoints.length > 0) {
    // What is spoken at a port its callers often know better than its machine.
    const spoken = new Map<number, string>();
    for (const { view, seenAt } of inbound)
      if (view.protocol !== 'tcp')
        for (const { port } of seenAt) {
          const known = spoken.get(port);
          // The same whatever the order they come in.
          if (known === undefined || view.protocol < known) spoken.set(port, view.protocol);
        }
    return node.endpoints.map((one) =>
      one.protocol === 'tcp' ? { ...one, protocol: spoken.get(one.port) ?? one.protocol } : one,
    );
  }
  const seen = new Map<string, GraphService['endpoints'][number]>();
  for (const { seenAt } of inbound)
    for (const one of seenAt) seen.set(`${one.host} ${one.port} ${one.protocol}`, one);
  return [...seen.values()].sort(
    (a, b) => compare(a.host, b.host) || a.port - b.port || compare(a.protocol, b.protocol),
  );
}

function factsOf(
  node: GraphNode,
  endpoints: GraphService['endpoints'],
  inbound: readonly Edge[],
  outbound: readonly Edge[],
  behind: (id: string) => number,
): ServiceFacts {
  const requests = (edges: readonly Edge[]): number =>
    edges.reduce((sum, { view }) => sum + view.request_count, 0);
  const handedOn = outbound.filter(({ view }) =>
    ['http', 'https', 'grpc', 'websocket'].includes(view.protocol),
  );
  const api = inbound.reduce((sum, one) => sum + one.apiRequests, 0);
  return {
    name: node.name,
    tokens: tokensOf(node.name),
    hosts: [...new Set(endpoints.map(({ host }) => host))],
    ports: [...new Set(endpoints.map(({ port }) => port))],
    protocols: new Set(inbound.map(({ view }) => view.protocol as Protocol)),
    isInside: node.inside,
    isCalledFromInside: inbound.some(({ source }) => source.id !== node.id && source.inside),
    apiShare: api / Math.max(1, requests(inbound)),
    fanIn: others(
      inbound.map(({ source }) => source.id),
      node.id,
    ),
    fanOut: others(
      outbound.map(({ target }) => target.id),
      node.id,
    ),
    requestsIn: requests(inbound),
    requestsOut: requests(handedOn),
    replicasBehind: Math.max(0, ...handedOn.map(({ target }) => behind(target.id))),
  };
}

function others(ids: readonly string[], except: string): number {
  return new Set(ids.filter((id) => id !== except)).size;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
