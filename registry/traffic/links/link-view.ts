import type { GraphAnswer, GraphDependency, GraphService } from '@netring/contract/graph';
import type { Link, LinkMetricName, LinkNode, LinkSample } from '@netring/contract/link';
import type { MemberView } from '@netring/contract/member';
import type { RouteSummary } from '@netring/contract/path';
import { nodeId } from './ids.ts';
import { incidentsAt } from './incident-memory.ts';
import type { LinkBook } from './link-book.ts';
import { told, together } from './metric-sum.ts';
import { pushedOpenMs, type HeldLink, type PushedBook } from './pushed-book.ts';

/** What the view is put together from. */
export interface LinkSources {
  graph(): Pick<GraphAnswer, 'services' | 'dependencies'>;
  members(): readonly MemberView[];
  routeOf(source: string, target: string): RouteSummary | undefined;
  book: LinkBook;
  pushed: PushedBook;
}

/** Which part of the view is asked for; nothing: all of it. */
export interface LinkFilter {
  /** Ids of links. */
  links?: readonly string[] | undefined;
  /** Ids, keys or names of nodes: links that touch one of them. */
  nodes?: readonly string[] | undefined;
  metrics?: readonly LinkMetricName[] | undefined;
}

/** Nodes and the links between them, as of a moment. */
export interface LinkView {
  nodes(nowMs: number, role?: string): LinkNode[];
  /** Whether a node has this id, key or name. */
  hasNode(nowMs: number, node: string): boolean;
  links(nowMs: number, filter?: LinkFilter): Link[];
  sample(nowMs: number, filter?: LinkFilter, mostLinks?: number): LinkSample;
  /** Incidents of the last ten minutes, and where to reach them, by service id: for drawings. */
  troubled(nowMs: number): { incidents: Record<string, number>; accessUrls: Record<string, string> };
}

export function createLinkView(sources: LinkSources): LinkView {
  return {
    nodes,
    hasNode: (nowMs, node) => finder(nodesWithout(nowMs))(node).length > 0,
    links,
    sample,
    troubled,
  };

  function links(nowMs: number, filter: LinkFilter = {}): Link[] {
    const { book, pushed } = sources;
    const routeOf: LinkSources['routeOf'] = (source, target) => sources.routeOf(source, target);
    const { services, dependencies } = sources.graph();
    const found = finder(nodesWithout(nowMs));
    const wanted = filter.nodes && new Set(filter.nodes.flatMap((one) => found(one)));
    const all = [
      ...dependencies.map((one) => linkOf(one, services, { book, routeOf, nowMs }, filter.metrics)),
      ...pushed.links(nowMs).map((one) => pushedLinkOf(one, found, nowMs, filter.metrics)),
    ];
    return all.filter(
      (one) =>
        (filter.links === undefined || filter.links.includes(one.id)) &&
        (wanted === undefined || wanted.has(one.active) || wanted.has(one.passive)),
    );
  }

  function nodes(nowMs: number, role?: string): LinkNode[] {
    const all = withLinks(nodesWithout(nowMs), links(nowMs));
    return role === undefined ? all : all.filter(({ roles }) => roles.includes(role));
  }

  function sample(nowMs: number, filter: LinkFilter = {}, mostLinks = Infinity): LinkSample {
    const chosen = links(nowMs, filter);
    const kept = chosen.slice(0, mostLinks);
    const isAll = filter.links === undefined && filter.nodes === undefined;
    const ends = new Set(kept.flatMap(({ active, passive }) => [active, passive]));
    const shown = withLinks(nodesWithout(nowMs), links(nowMs)).filter(
      ({ id }) => (isAll && kept.length === chosen.length) || ends.has(id),
    );
    const more = chosen.length - kept.length;
    return { now_ms: nowMs, nodes: shown, links: kept, ...(more > 0 ? { more } : {}) };
  }

  function troubled(nowMs: number): ReturnType<LinkView['troubled']> {
    const bad = nodes(nowMs).filter(({ kind, incidents }) => kind === 'service' && incidents > 0);
    return {
      incidents: Object.fromEntries(bad.map((one) => [one.key, one.incidents])),
      accessUrls: Object.fromEntries(
        bad.flatMap(({ key, access_url }) => (access_url === undefined ? [] : [[key, access_url]])),
      ),
    };
  }

  /** Nodes as they are by themselves; pushed ends that nobody described are nodes, too. */
  function nodesWithout(nowMs: number): LinkNode[] {
    const { pushed } = sources;
    const known = [
      ...Object.values(sources.graph().services).map(serviceNode),
      ...sources.members().map(memberNode),
    ];
    const described = pushed.nodes(nowMs).map(({ node, atMs }): LinkNode => {
      const { name, roles = [], status, ...rest } = node;
      const isFresh = nowMs - atMs <= pushedOpenMs;
      const about = { ...rest, roles, status: status ?? (isFresh ? 'online' : 'stale') };
      return { ...plainNode('pushed', name, name), ...about };
    });
    const all = [...known, ...described];
    const find = finder(all);
    for (const { link } of pushed.links(nowMs)) {
      for (const end of [link.active, link.passive]) {
        const isKnown = find(end).length > 0 || all.some(({ kind, key }) => kind === 'pushed' && key === end);
        if (!isKnown) all.push(plainNode('pushed', end, end));
      }
    }
    return all;
  }
}

/** Finds nodes by id or key, else by name, which several may have. */
function finder(nodes: readonly LinkNode[]): (text: string) => string[] {
  const byId = new Map(nodes.flatMap((one) => [one.id, one.key].map((key) => [key, one.id] as const)));
  return (text) => {
    const exact = byId.get(text);
    return exact === undefined ? nodes.filter(({ name }) => name === text).map(({ id }) => id) : [exact];
  };
}

function plainNode(kind: LinkNode['kind'], key: string, name: string): LinkNode {
  const id = nodeId(kind, key);
  return { id, kind, key, name, roles: [], status: 'unknown', distance: {}, incidents: 0 };
}

function serviceNode(service: GraphService): LinkNode {
  const { service_id, service_name, service_type, location, instances, endpoints } = service;
  const address = instances[0]?.address ?? endpoints[0]?.host;
  const url = accessUrlOf(endpoints);
  return {
    ...plainNode('service', service_id, service_name),
    ...(location === undefined ? {} : { location }),
    ...(address === undefined ? {} : { address }),
    roles: [service_type],
    status: service.activity === 'active' ? service.health : service.activity,
    ...(service.tags.version === undefined ? {} : { version: service.tags.version }),
    ...(url === undefined ? {} : { access_url: url }),
  };
}

function accessUrlOf(endpoints: GraphService['endpoints']): string | undefined {
  const web = endpoints.find(({ protocol }) => protocol === 'http' || protocol === 'https');
  if (web === undefined) return undefined;
  const host = web.host.includes(':') ? `[${web.host}]` : web.host;
  const url = `${web.protocol}://${host}:${web.port}/`;
  return URL.canParse(url) ? url : undefined;
}

function memberNode({ instance_id, location, ip, port, scheme, status, version }: MemberView): LinkNode {
  const host = ip.includes(':') ? `[${ip}]` : ip;
  return {
    ...plainNode('member', instance_id, instance_id),
    location,
    address: ip,
    roles: ['member'],
    status,
    ...(version === undefined ? {} : { version }),
    access_url: `${scheme ?? 'http'}://${host}:${port}/`,
  };
}

interface Known {
  book: LinkBook;
  routeOf: LinkSources['routeOf'];
  nowMs: number;
}

function linkOf(
  one: GraphDependency,
  services: Readonly<Record<string, GraphService>>,
  { book, routeOf, nowMs }: Known,
  metrics: readonly LinkMetricName[] | undefined,
): Link {
  const known = book.of(one.id, nowMs);
  const hops = hopsOf(one, routeOf);
  return {
    id: one.id,
    kind: 'traffic',
    active: nodeOf(one.source_service, services),
    passive: nodeOf(one.target_service, services),
    ...(hops === undefined ? {} : { hops }),
    role: one.protocol,
    is_open: known?.isOpen ?? one.activity === 'active',
    closures: known?.closures ?? 0,
    up: told(known?.up ?? {}, metrics),
    down: told(known?.down ?? {}, metrics),
    incidents: known?.incidents ?? { count: 0, stretches: [] },
  };
}

function nodeOf(serviceId: string, services: Readonly<Record<string, GraphService>>): string {
  return nodeId('service', services[serviceId]?.service_id ?? serviceId);
}

/** Routers between the machines: the last distance of a route that was reached is the target itself. */
function hopsOf({ path }: GraphDependency, routeOf: LinkSources['routeOf']): number | undefined {
  if (path.kind === 'local') return 0;
  if (path.kind !== 'member' || path.source === undefined || path.target === undefined) return undefined;
  const route = routeOf(path.source, path.target);
  return route?.reached === true ? Math.max(0, route.hops - 1) : undefined;
}

function pushedLinkOf(
  held: HeldLink,
  find: (text: string) => string[],
  nowMs: number,
  metrics: readonly LinkMetricName[] | undefined,
): Link {
  const { id, link, closures, halves, incidents, atMs } = held;
  const { up, down } = together(halves, nowMs);
  // A name that several nodes have is nobody's: the end stands for itself.
  const endOf = (text: string) => {
    const found = find(text);
    return found.length === 1 ? (found[0] as string) : nodeId('pushed', text);
  };
  return {
    id,
    kind: 'pushed',
    active: endOf(link.active),
    passive: endOf(link.passive),
    ...(link.hops === undefined ? {} : { hops: link.hops }),
    role: link.role,
    is_open: link.is_open && nowMs - atMs <= pushedOpenMs,
    closures,
    up: told(up, metrics),
    down: told(down, metrics),
    incidents: incidentsAt(incidents, nowMs),
  };
}

/** Incidents and distances of nodes come from their links. */
function withLinks(nodes: readonly LinkNode[], links: readonly Link[]): LinkNode[] {
  const byId = new Map(nodes.map((one) => [one.id, { ...one, distance: { ...one.distance } }]));
  for (const { active, passive, hops, incidents } of links) {
    for (const [here, there] of [
      [active, passive],
      [passive, active],
    ] as const) {
      const node = byId.get(here);
      if (node === undefined || (here === there && hops === undefined)) continue;
      node.incidents += here === active && active === passive ? incidents.count / 2 : incidents.count;
      if (hops !== undefined && here !== there)
        node.distance[there] = Math.min(hops, node.distance[there] ?? Infinity);
    }
  }
  return [...byId.values()].map((one) => ({ ...one, incidents: Math.round(one.incidents) }));
}
