import { endOf } from '@netring/contract/end';
import type { TrafficSignals } from '@netring/contract/traffic';
import type { BucketDependency, Evidence } from '@netring/topology';
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
import { bucketMiddle, createEndMemo } from './end-memo.ts';
import { createServiceNodes, gatewayNode, hostNode, strangerNode, type GraphNode } from './graph-node.ts';
import { makeRows, type MadeRows } from './rows.ts';

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
  /** Which end wrote down a log or a span, where that is the one that was called. */
  side?: 'callee';
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
  /** The same; what is as it was before is the same object. */
  made(state: StoredState, before?: MadeRows): MadeRows;
  /** What is known of a node that was recognised. */
  node(id: string): GraphNode | undefined;
  /** @param atMs when it was seen; of all moments of a bucket the same is told */
  end(member: string, id: string, isSource: boolean, protocol: string, atMs: number): Recognised | undefined;
}

/** Nodes kept of machines and of addresses that nobody claims, half a kilobyte each; beyond it they are made again when seen. */
const mostStrangers = 20_000;

export function createResolver(
  around: Surroundings,
  locationOf: (member: string) => string | undefined,
): Resolver {
  const serviceNodes = createServiceNodes(around.index);
  const memo = createEndMemo();
  const nodes = new Map<string, GraphNode>();
  const recognised = new Map<string, GraphNode>();
  /** One object for all rows that only this member saw. */
  const alone = new Map<string, ReadonlySet<string>>();

  /** One object per node, so that what many rows share is kept once. */
  const shared = (node: GraphNode): GraphNode => {
    const known = nodes.get(node.id);
    if (known !== undefined) return known;
    if (nodes.size >= mostStrangers) forgetStrangers();
    nodes.set(node.id, node);
    return node;
  };

  function forgetStrangers(): void {
    nodes.clear();
    for (const [id, { kind }] of recognised) if (kind !== 'service') recognised.delete(id);
  }

  function end(
    member: string,
    id: string,
    isSource: boolean,
    protocol: string,
    atMs: number,
  ): Recognised | undefined {
    const location = locationOf(member);
    if (location === undefined) return undefined;
    const transport = protocol === 'udp' ? 'udp' : 'tcp';
    const moment = around.index.isTimeless ? 0 : bucketMiddle(atMs);
    return memo.of(member, moment, `${isSource ? '<' : '>'}${transport} ${id}`, () => {
      const viewer = { member, location, atMs: bucketMiddle(atMs) };
      const known = recognise(viewer, id, isSource, transport);
      if (known === undefined) return undefined;
      recognised.set(known.node.id, known.node);
      return { ...known, hosts: hostsOf(known) };
    });
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

  const rows = (state: StoredState, before?: MadeRows): MadeRows => {
    const members = alone.get(state.member) ?? new Set([state.member]);
    alone.set(state.member, members);
    return makeRows(state, members, end, before);
  };
  return { end, node: (id) => recognised.get(id), made: rows, rows: (state) => rows(state).rows };
}

function plain(one: Pick<Recognised, 'node' | 'host' | 'member'>): Recognised {
  return { ...one, isOnlyHost: false, isThroughAlias: false, hosts: nobody };
}

const nobody: ReadonlyMap<string, EndHost> = new Map();

function hostsOf({ host, member, address, node }: Recognised): ReadonlyMap<string, EndHost> {
  if (host === undefined) return nobody;
  const known = node.instances.find((one) => one.member === member)?.address ?? address ?? '';
  return new Map([[host, { host, ...(member !== undefined && { member }), address: known }]]);
}
