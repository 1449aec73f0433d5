import type { EndHost, GraphNode, Recognised, ResolvedRow } from '../join/index.ts';
import type { Judged, WindowFacts } from '../facts.ts';
import {
  addCounts,
  cellKey,
  addedHistograms,
  addedSignals,
  emptyCell,
  mergedHistograms,
  type Cell,
  type CellKey,
} from './cell.ts';

/** What was counted of one dependency in one stretch of time, by evidence and end. */
export interface Sum {
  source: GraphNode;
  target: GraphNode;
  protocol: string;
  filter: string | undefined;
  cells: Map<CellKey, Cell>;
  ports: ReadonlySet<number>;
  firstSeenMs: number;
  lastSeenMs: number;
  /** Machines that either end was on, by `hostId`; bounded. */
  sourceHosts: ReadonlyMap<string, EndHost>;
  targetHosts: ReadonlyMap<string, EndHost>;
  /** Machines that one row has on its two ends, by both their `hostId`; bounded. */
  hostPairs: ReadonlyMap<string, HostPair>;
  /** Of the source only the machine is known, or that it came through a port of it. */
  isOnlyHost: boolean;
  isThroughAlias: boolean;
  /** What it was seen listening at. */
  seenAt: ReadonlyMap<string, SeenAt>;
  /** What the windows of a dependency say of it; made once. */
  window?: WindowFacts;
}

/** Where something was seen listening. */
export interface SeenAt {
  host: string;
  port: number;
  protocol: string;
}

/** One machine on each end, as `hostId` writes them. */
export interface HostPair {
  source: string;
  target: string;
  /** As all who saw them counted, together: says which pair is busier, not how busy. */
  requests: number;
}

/** All dependencies of one stretch of time. */
export interface Slot {
  startMs: number;
  durationMs: number;
  sums: Map<string, Sum>;
  /** What was said of its dependencies then, by a short id; absent where nobody kept it. */
  judged?: ReadonlyMap<string, Judged>;
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

/** What rows of one dependency have together; in an order that is always the same. */
export function sumOfRows(rows: readonly [ResolvedRow, ...ResolvedRow[]]): Sum {
  const { source, target, protocol, filter } = rows[0];
  const sum = emptySum(source, target.node, protocol, filter);
  for (const row of rows) addRow(sum, row);
  return sum;
}

export function keyOfRow({ source, target, protocol, filter }: ResolvedRow): string {
  return sumKey(source.node.id, target.node.id, protocol, filter);
}

function emptySum(source: Recognised, target: GraphNode, protocol: string, filter: string | undefined): Sum {
  return {
    source: source.node,
    target,
    protocol,
    filter,
    cells: new Map(),
    ports: none,
    firstSeenMs: Infinity,
    lastSeenMs: -Infinity,
    sourceHosts: nobody,
    targetHosts: nobody,
    hostPairs: noPairs,
    isOnlyHost: source.isOnlyHost,
    isThroughAlias: false,
    seenAt: nowhere,
  };
}

const none: ReadonlySet<number> = new Set();
const noPairs = new Map<string, HostPair>();
const nobody: ReadonlyMap<string, EndHost> = new Map();
const nowhere: ReadonlyMap<string, SeenAt> = new Map();

function addRow(sum: Sum, row: ResolvedRow): void {
  const { source, target, counts } = row;
  const cell = cellOf(sum, cellKey(row.evidence, row.side));
  if (counts !== undefined) {
    addCounts(cell.counts, counts);
    cell.isCounted = true;
    cell.latency = addedHistograms(cell.latency, counts.latency);
  }
  cell.signals = addedSignals(cell.signals, row.signals);
  cell.members = allOf([cell.members, row.members], mostHosts);
  sum.firstSeenMs = Math.min(sum.firstSeenMs, row.firstSeenMs);
  sum.lastSeenMs = Math.max(sum.lastSeenMs, row.lastSeenMs);
  sum.isThroughAlias ||= target.isThroughAlias;
  sum.ports = allOf([sum.ports, row.ports], mostPorts);
  sum.sourceHosts = mapOfAll([sum.sourceHosts, source.hosts], mostHosts);
  sum.targetHosts = mapOfAll([sum.targetHosts, target.hosts], mostHosts);
  addPair(sum, source.host, target.host, counts?.requests ?? 0);
  const { address: host, port } = target;
  if (host === undefined || port === undefined) return;
  const key = `${host} ${port}`;
  if (sum.seenAt.has(key) || sum.seenAt.size >= mostPorts) return;
  sum.seenAt = new Map([...sum.seenAt, [key, { host, port, protocol: row.protocol }]]);
}

/** Only while its rows are added up, when the pairs are the sum's own. */
function addPair(sum: Sum, source: string | undefined, target: string | undefined, requests: number): void {
  if (source === undefined || target === undefined) return;
  const pairs = sum.hostPairs === noPairs ? new Map<string, HostPair>() : (sum.hostPairs as typeof noPairs);
  sum.hostPairs = pairs;
  const key = `${source}\n${target}`;
  const known = pairs.get(key);
  if (known !== undefined) known.requests += requests;
  else if (pairs.size < mostHosts) pairs.set(key, { source, target, requests });
}

/** Pairs in any of them with what they have together, up to so many. */
function pairsOfAll(maps: readonly ReadonlyMap<string, HostPair>[]): ReadonlyMap<string, HostPair> {
  const [first = noPairs, ...others] = maps.filter(({ size }) => size > 0);
  if (others.length === 0) return first;
  const pairs = new Map(first);
  for (const [key, one] of others.flatMap((map) => [...map])) {
    const known = pairs.get(key);
    if (known === undefined && pairs.size >= mostHosts) continue;
    pairs.set(key, { ...one, requests: one.requests + (known?.requests ?? 0) });
  }
  return pairs;
}

export function cellOf(sum: Sum, key: CellKey): Cell {
  let cell = sum.cells.get(key);
  if (cell === undefined) sum.cells.set(key, (cell = emptyCell()));
  return cell;
}

/** Everything in any of them, up to so many: the largest one itself where it has all, since most are alike. */
export function allOf<T>(sets: readonly ReadonlySet<T>[], most: number): ReadonlySet<T> {
  const largest = sets.reduce((best, one) => (one.size > best.size ? one : best));
  let added: Set<T> | undefined;
  for (const set of sets) {
    if (set === largest) continue;
    for (const one of set)
      if (!largest.has(one) && largest.size + (added?.size ?? 0) < most) (added ??= new Set<T>()).add(one);
  }
  return added === undefined ? largest : new Set([...largest, ...added]);
}

/** The same of maps. */
export function mapOfAll<K, V>(maps: readonly ReadonlyMap<K, V>[], most: number): ReadonlyMap<K, V> {
  const largest = maps.reduce((best, one) => (one.size > best.size ? one : best));
  let added: Map<K, V> | undefined;
  for (const map of maps) {
    if (map === largest) continue;
    for (const [key, one] of map)
      if (!largest.has(key) && largest.size + (added?.size ?? 0) < most)
        (added ??= new Map<K, V>()).set(key, one);
  }
  return added === undefined ? largest : new Map([...largest, ...added]);
}

/** What several stretches of time, or what turned out to be the same, have together. */
export function sumOf(sums: readonly { sum: Sum; only?: ReadonlySet<CellKey> }[], like: Sum): Sum {
  const all = sums.map(({ sum }) => sum);
  const cells = new Map<CellKey, Cell[]>();
  for (const { sum, only } of sums)
    for (const [evidence, cell] of sum.cells) {
      if (only !== undefined && !only.has(evidence)) continue;
      const known = cells.get(evidence);
      if (known === undefined) cells.set(evidence, [cell]);
      else known.push(cell);
    }
  return {
    ...like,
    cells: new Map([...cells].map(([evidence, some]) => [evidence, cellOfAll(some)])),
    ports: allOf(
      all.map(({ ports }) => ports),
      mostPorts,
    ),
    firstSeenMs: all.reduce((first, one) => Math.min(first, one.firstSeenMs), Infinity),
    lastSeenMs: all.reduce((last, one) => Math.max(last, one.lastSeenMs), -Infinity),
    sourceHosts: mapOfAll(
      all.map(({ sourceHosts }) => sourceHosts),
      mostHosts,
    ),
    targetHosts: mapOfAll(
      all.map(({ targetHosts }) => targetHosts),
      mostHosts,
    ),
    hostPairs: pairsOfAll(all.map(({ hostPairs }) => hostPairs)),
    isThroughAlias: all.some(({ isThroughAlias }) => isThroughAlias),
    seenAt: mapOfAll(
      all.map(({ seenAt }) => seenAt),
      mostPorts,
    ),
  };
}

function cellOfAll(cells: readonly Cell[]): Cell {
  if (cells.length === 1) return cells[0] as Cell;
  const sum = emptyCell();
  for (const cell of cells) {
    addCounts(sum.counts, cell.counts);
    sum.isCounted ||= cell.isCounted;
    sum.signals = addedSignals(sum.signals, cell.signals);
  }
  sum.latency = mergedHistograms(cells.map(({ latency }) => latency));
  sum.members = allOf(
    cells.map(({ members }) => members),
    mostHosts,
  );
  return sum;
}
