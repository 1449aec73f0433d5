import type { Evidence } from '@netring/topology';
import type { GraphNode, Recognised, ResolvedRow } from '../join/index.ts';
import { addCell, addCounts, addedHistograms, addedSignals, emptyCell, type Cell } from './cell.ts';

/** A machine on one end. */
export interface EndHost {
  host: string;
  member?: string;
  address: string;
}

/** What was counted of one dependency in one stretch of time, by evidence. */
export interface Sum {
  source: GraphNode;
  target: GraphNode;
  protocol: string;
  filter: string | undefined;
  cells: Map<Evidence, Cell>;
  ports: Set<number>;
  firstSeenMs: number;
  lastSeenMs: number;
  /** Machines that either end was on, by `hostId`; bounded. */
  sourceHosts: Map<string, EndHost>;
  targetHosts: Map<string, EndHost>;
  /** Of the source only the machine is known, or that it came through a port of it. */
  isOnlyHost: boolean;
  isThroughAlias: boolean;
  /** What it was seen listening at. */
  seenAt: Map<string, { host: string; port: number; protocol: string }>;
}

/** All dependencies of one stretch of time. */
export interface Slot {
  startMs: number;
  durationMs: number;
  sums: Map<string, Sum>;
}

const mostHosts = 64;
const mostPorts = 32;

export function sumKey(source: string, target: string, protocol: string, filter: string | undefined): string {
  return `${source}\n${target}\n${protocol}\n${filter ?? ''}`;
}

/** Adds up the rows of all members of one stretch of time. */
export function slotOf(startMs: number, durationMs: number, rows: Iterable<ResolvedRow>): Slot {
  const sums = new Map<string, Sum>();
  for (const row of rows) {
    const { source, target, protocol, filter } = row;
    const key = sumKey(source.node.id, target.node.id, protocol, filter);
    let sum = sums.get(key);
    if (sum === undefined) sums.set(key, (sum = emptySum(source, target.node, protocol, filter)));
    addRow(sum, row);
  }
  return { startMs, durationMs, sums };
}

function emptySum(source: Recognised, target: GraphNode, protocol: string, filter: string | undefined): Sum {
  return {
    source: source.node,
    target,
    protocol,
    filter,
    cells: new Map(),
    ports: new Set(),
    firstSeenMs: Infinity,
    lastSeenMs: -Infinity,
    sourceHosts: new Map(),
    targetHosts: new Map(),
    isOnlyHost: source.isOnlyHost,
    isThroughAlias: false,
    seenAt: new Map(),
  };
}

function addRow(sum: Sum, row: ResolvedRow): void {
  const { source, target, counts, member } = row;
  const cell = cellOf(sum, row.evidence);
  if (counts !== undefined) {
    addCounts(cell.counts, counts);
    cell.isCounted = true;
    cell.latency = addedHistograms(cell.latency, counts.latency);
  }
  cell.signals = addedSignals(cell.signals, row.signals);
  cell.members.add(member);
  sum.firstSeenMs = Math.min(sum.firstSeenMs, row.firstSeenMs);
  sum.lastSeenMs = Math.max(sum.lastSeenMs, row.lastSeenMs);
  sum.isThroughAlias ||= target.isThroughAlias;
  for (const port of row.ports) if (sum.ports.size < mostPorts) sum.ports.add(port);
  noteHost(sum.sourceHosts, source);
  noteHost(sum.targetHosts, target);
  const { address: host, port } = target;
  if (host === undefined || port === undefined) return;
  if (sum.seenAt.size < mostPorts) sum.seenAt.set(`${host} ${port}`, { host, port, protocol: row.protocol });
}

export function cellOf(sum: Sum, evidence: Evidence): Cell {
  let cell = sum.cells.get(evidence);
  if (cell === undefined) sum.cells.set(evidence, (cell = emptyCell()));
  return cell;
}

function noteHost(hosts: Map<string, EndHost>, { host, member, address, node }: Recognised): void {
  if (host === undefined || hosts.has(host) || hosts.size >= mostHosts) return;
  const known = node.instances.find((one) => one.member === member)?.address ?? address ?? '';
  hosts.set(host, { host, ...(member !== undefined && { member }), address: known });
}

/** Adds what was counted in another stretch of time, or of what turned out to be the same. */
export function addSum(into: Sum, from: Sum, only?: ReadonlySet<Evidence>): void {
  for (const [evidence, cell] of from.cells)
    if (only === undefined || only.has(evidence)) addCell(cellOf(into, evidence), cell);
  into.firstSeenMs = Math.min(into.firstSeenMs, from.firstSeenMs);
  into.lastSeenMs = Math.max(into.lastSeenMs, from.lastSeenMs);
  into.isThroughAlias ||= from.isThroughAlias;
  for (const port of from.ports) if (into.ports.size < mostPorts) into.ports.add(port);
  for (const [key, host] of from.sourceHosts)
    if (into.sourceHosts.size < mostHosts) into.sourceHosts.set(key, host);
  for (const [key, host] of from.targetHosts)
    if (into.targetHosts.size < mostHosts) into.targetHosts.set(key, host);
  for (const [key, at] of from.seenAt) if (into.seenAt.size < mostPorts) into.seenAt.set(key, at);
}
