import type { GraphService, ServiceInstance } from '@netring/contract/graph';
import { isInside, nameOfHost, normalHost } from '@netring/topology';
import { hostId, type ClaimIndex, type HostClaim, type Match, type ServiceClaim } from '../identity/index.ts';

/** What is known of a node of the graph, whatever its traffic. Plain data: it is kept with what was counted. */
export interface GraphNode {
  id: string;
  name: string;
  kind: GraphService['kind'];
  location?: string;
  candidates?: string[];
  named_by?: GraphService['named_by'];
  inside: boolean;
  instances: ServiceInstance[];
  /** Where it listens, as it says itself. */
  endpoints: GraphService['endpoints'];
  tags: Record<string, string>;
  metadata: Record<string, unknown>;
}

/** Instances and listeners told of one service; a service has more than that only by mistake. */
const mostInstances = 256;
const mostEndpoints = 64;

const nothing = { instances: [], endpoints: [], tags: {}, metadata: {} };

/** A service that discovery has found: all its processes in its location. */
export function serviceNode(claims: readonly ServiceClaim[], id: string, location: string): GraphNode {
  const current = claims.filter(({ host }) => host.time.toMs === Infinity);
  const shown = (current.length > 0 ? current : claims).slice(0, mostInstances);
  const first = shown[0]?.local;
  const containers = shown.flatMap(({ local }) => local.container_id ?? []);
  return {
    id,
    name: shown[0]?.name ?? id.slice(location.length + 1),
    kind: 'service',
    location,
    ...(first && { named_by: first.name_rule }),
    inside: true,
    instances: shown.map(instanceOf),
    endpoints: shown.flatMap(endpointsOf).slice(0, mostEndpoints),
    tags: Object.fromEntries(Object.entries(first?.labels ?? {}).slice(0, 32)),
    metadata: containers.length > 0 ? { containers: containers.length } : {},
  };
}

function instanceOf({ host, ownAddresses, listeners, local }: ServiceClaim): ServiceInstance {
  const { pid, process, start_mode, container_id } = local;
  return {
    member: host.member,
    host: host.name,
    address: [...(ownAddresses ?? host.addresses)][0] ?? '',
    ports: [...new Set(listeners.map(({ port }) => port))].sort((a, b) => a - b),
    ...(pid !== undefined && { pid }),
    ...(process !== undefined && { process }),
    start_mode,
    ...(container_id !== undefined && { container_id }),
  };
}

function endpointsOf({ host, ownAddresses, listeners }: ServiceClaim): GraphService['endpoints'] {
  const [address = host.name] = ownAddresses ?? host.addresses;
  return listeners.map((one) => ({
    host: one.address === '0.0.0.0' || one.address === '::' ? address : one.address,
    port: one.port,
    protocol: one.protocol ?? one.transport,
  }));
}

/** A machine whose process nobody sees; with the port that was asked for. */
export function hostNode(host: HostClaim, port: number | undefined): GraphNode {
  const [address = host.name] = host.addresses;
  return {
    ...nothing,
    id: port === undefined ? hostId(host) : `${hostId(host)}:${port}`,
    name: port === undefined ? `unknown process on ${host.name}` : `${host.name}:${port}`,
    kind: 'external',
    location: host.location,
    inside: true,
    instances: [{ member: host.member, host: host.name, address, ports: port === undefined ? [] : [port] }],
    metadata: { why: 'no member sees the process' },
  };
}

/** Whoever comes through a published port of a machine. */
export function gatewayNode(host: HostClaim): GraphNode {
  return {
    ...nothing,
    id: `gateway:${host.location}/${host.name}`,
    name: `through a published port of ${host.name}`,
    kind: 'external',
    location: host.location,
    inside: true,
    metadata: { why: 'the bridge hides who came through the published port' },
  };
}

/** An address or name that nobody claims, or several do. What only means something in one place belongs to that place. */
export function strangerNode(
  match: Extract<Match, { kind: 'external' | 'unresolved' | 'group' }>,
  host: string,
  place: { location: string; network?: string },
): GraphNode {
  if (match.kind === 'group')
    return { ...nothing, id: `group:${match.name}`, name: match.name, kind: 'external', inside: false };
  const address = normalHost(host);
  const inside = isInside(address);
  const network = place.network === undefined ? '' : `${place.network}/`;
  const scoped = inside ? `${place.location}/${network}${address}` : `${network}${address}`;
  // `api.one.com` and `api.two.com` are not both `api`: outside, only the whole name tells who is meant.
  const node = { ...nothing, name: inside ? nameOfHost(address) : address, inside, metadata: { address } };
  if (match.kind === 'external')
    return {
      ...node,
      id: `external:${scoped}`,
      kind: 'external',
      metadata: inside ? { address, seen_from: place.location } : { address },
    };
  return {
    ...node,
    id: `unresolved:${place.location}/${network}${address}`,
    kind: 'unresolved',
    candidates: [...match.candidates],
  };
}

/** Nodes of services made once for each state of the claims. */
export function createServiceNodes(index: ClaimIndex): (id: string, location: string) => GraphNode {
  const made = new Map<string, GraphNode>();
  return (id, location) => {
    const known = made.get(id);
    if (known !== undefined) return known;
    const node = serviceNode(index.claims(id), id, location);
    made.set(id, node);
    return node;
  };
}
