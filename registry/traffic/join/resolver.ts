import { endOf } from '@netring/contract/end';
import type { TrafficSignals } from '@netring/contract/traffic';
import type { BucketDependency, BucketService, Evidence, Protocol } from '@netring/topology';
import {
  hostId,
  matchCallee,
  matchCaller,
  matchPeer,
  serviceId,
  type Match,
  type Surroundings,
  type Viewer,
} from '../identity/index.ts';
import type { StoredState } from '../states/index.ts';
import { createServiceNodes, gatewayNode, hostNode, strangerNode, type GraphNode } from './graph-node.ts';

/** An end, recognised. */
export interface Recognised {
  node: GraphNode;
  /** The machine it is on, as `hostId` writes it, and its member; absent where nobody knows. */
  host?: string;
  member?: string;
  /** The port asked for. */
  port?: number;
  /** What it was seen as: the address of an end that is one. */
  address?: string;
  /** Whether only the machine is known, or only that it came through a port of it. */
  isOnlyHost: boolean;
  /** Reached through a published port or a virtual address. */
  isThroughAlias: boolean;
  /** The machine as the sums keep it: one object for all rows of this end. */
  hosts: ReadonlyMap<string, EndHost>;
}

/** A machine on one end. */
export interface EndHost {
  host: string;
  member?: string;
  address: string;
}

/** One dependency of one state, with its ends recognised. */
export interface ResolvedRow {
  source: Recognised;
  target: Recognised;
  protocol: string;
  evidence: Evidence;
  filter?: string;
  /** Absent where only signals were seen. */
  counts?: BucketDependency;
  signals?: TrafficSignals;
  /** On the store's clock. */
  firstSeenMs: number;
  lastSeenMs: number;
  /** Who saw it. */
  members: ReadonlySet<string>;
  /** Ports that it listens on for this, as far as the row says. */
  ports: ReadonlySet<number>;
}

/** Recognises the ends of states, by the claims of one moment. */
export interface Resolver {
  rows(state: StoredState): ResolvedRow[];
  end(member: string, id: string, isSource: boolean, protocol: string, atMs: number): Recognised | undefined;
}

export function createResolver(
  around: Surroundings,
  locationOf: (member: string) => string | undefined,
): Resolver {
  const serviceNodes = createServiceNodes(around.index);
  const memo = new Map<string, Map<string, Recognised | undefined>>();
  const nodes = new Map<string, GraphNode>();
  /** One object for all rows that only this member saw. */
  const alone = new Map<string, ReadonlySet<string>>();

  /** One object per node, so that what many rows share is kept once. */
  const shared = (node: GraphNode): GraphNode => {
    const known = nodes.get(node.id);
    if (known === undefined) nodes.set(node.id, node);
    return known ?? node;
  };

  function end(
    member: string,
    id: string,
    isSource: boolean,
    protocol: string,
    atMs: number,
  ): Recognised | undefined {
    const location = locationOf(member);
    if (location === undefined) return undefined;
    const ends = memo.get(member) ?? new Map<string, Recognised | undefined>();
    memo.set(member, ends);
    const transport = protocol === 'udp' ? 'udp' : 'tcp';
    const key = `${isSource ? '<' : '>'}${transport}${around.index.isTimeless ? '' : atMs} ${id}`;
    if (ends.has(key)) return ends.get(key);
    const known = recognise({ member, location, atMs }, id, isSource, transport);
    const found = known && { ...known, hosts: hostsOf(known) };
    ends.set(key, found);
    return found;
  }

  function recognise(
    viewer: Viewer,
    id: string,
    isSource: boolean,
    transport: 'tcp' | 'udp',
  ): Recognised | undefined {
    const given = endOf(id);
    if (given === undefined) return undefined;
    const { member, location } = viewer;
    if (given.kind === 'service') {
      const own = around.index.ofMember(member).at(-1);
      const node = serviceNodes(serviceId(location, given.name), location);
      return plain({ node, member, ...(own && { host: hostId(own) }) });
    }
    if (given.kind === 'peer') return made(matchPeer(given.name, viewer, around), given.name, viewer);
    const { host, port, network } = given;
    const point = { host, ...(network !== undefined && { network }) };
    if (isSource)
      return { ...made(matchCaller(point, viewer, around), host, viewer, network), address: host };
    const match = matchCallee({ ...point, ...(port !== undefined && { port }), transport }, viewer, around);
    return {
      ...made(match, host, viewer, network),
      address: host,
      ...(port !== undefined && { port }),
    };
  }

  function made(match: Match, host: string, viewer: Viewer, network?: string): Recognised {
    const isThroughAlias = 'by' in match && match.by === 'alias';
    switch (match.kind) {
      case 'service': {
        const { id, host: machine } = match.service;
        const node = serviceNodes(id, machine.location);
        return { ...plain({ node, host: hostId(machine), member: machine.member }), isThroughAlias };
      }
      case 'host':
        return {
          ...plain({
            node: shared(hostNode(match.host, match.port)),
            host: hostId(match.host),
            member: match.host.member,
          }),
          isOnlyHost: true,
        };
      case 'gateway':
        return { ...plain({ node: shared(gatewayNode(match.host)) }), isOnlyHost: true };
      default: {
        const place = { location: viewer.location, ...(network !== undefined && { network }) };
        return plain({ node: shared(strangerNode(match, host, place)) });
      }
    }
  }

  return {
    end,
    rows(state) {
      const { bucket, member, startMs } = state;
      const members = alone.get(member) ?? new Set([member]);
      alone.set(member, members);
      const atMs = startMs + bucket.duration_ms / 2;
      const left = new Map(state.signals.map((one) => [rowKey(one), one]));
      const rows: ResolvedRow[] = [];
      for (const one of bucket.dependencies) {
        const [from, to] = [bucket.services[one.source], bucket.services[one.target]] as [
          BucketService,
          BucketService,
        ];
        const source = end(member, from.id, true, one.protocol, atMs);
        const target = end(member, to.id, false, one.protocol, atMs);
        if (source === undefined || target === undefined) continue;
        const key = rowKey({
          source: from.id,
          target: to.id,
          protocol: one.protocol,
          evidence: one.evidence,
        });
        const signals = one.filter === undefined ? left.get(key) : undefined;
        if (signals !== undefined) left.delete(key);
        const shiftMs = startMs - bucket.start_ms;
        rows.push({
          source,
          target,
          protocol: one.protocol,
          evidence: one.evidence,
          ...(one.filter !== undefined && { filter: one.filter }),
          counts: one,
          ...(signals && { signals }),
          firstSeenMs: one.first_seen_ms + shiftMs,
          lastSeenMs: one.last_seen_ms + shiftMs,
          members,
          ports: portsOf(target, to, one.protocol),
        });
      }
      for (const signals of left.values()) {
        const source = end(member, signals.source, true, signals.protocol, atMs);
        const target = end(member, signals.target, false, signals.protocol, atMs);
        if (source === undefined || target === undefined) continue;
        const { protocol, evidence } = signals;
        const times = { firstSeenMs: startMs, lastSeenMs: Math.min(state.receivedMs, startMs + 9_999) };
        rows.push({ source, target, protocol, evidence, signals, ...times, members, ports: portOf(target) });
      }
      return rows;
    },
  };
}

function plain(one: Pick<Recognised, 'node' | 'host' | 'member'>): Recognised {
  return { ...one, isOnlyHost: false, isThroughAlias: false, hosts: nobody };
}

const nobody: ReadonlyMap<string, EndHost> = new Map();
const noPorts: ReadonlySet<number> = new Set();

function hostsOf({ host, member, address, node }: Recognised): ReadonlyMap<string, EndHost> {
  if (host === undefined) return nobody;
  const known = node.instances.find((one) => one.member === member)?.address ?? address ?? '';
  return new Map([[host, { host, ...(member !== undefined && { member }), address: known }]]);
}

function rowKey(one: { source: string; target: string; protocol: string; evidence: string }): string {
  return `${one.source}\n${one.target}\n${one.protocol}\n${one.evidence}`;
}

function portOf({ port }: Recognised): ReadonlySet<number> {
  return port === undefined ? noPorts : new Set([port]);
}

function portsOf(target: Recognised, service: BucketService, protocol: Protocol): ReadonlySet<number> {
  if (target.port !== undefined) return portOf(target);
  if (service.listeners.length === 0) return noPorts;
  return new Set(service.listeners.filter((one) => one.protocol === protocol).map(({ port }) => port));
}
