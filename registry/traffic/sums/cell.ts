import type { TrafficSignals } from '@netring/contract/traffic';
import type { BucketDependency, Evidence, Histogram } from '@netring/topology';
import type { SignalFacts } from '../facts.ts';

/** What is added up, as the topology library counts it. */
export const counters = [
  'requests',
  'client_errors',
  'server_errors',
  'client_gone',
  'transport_failures',
  'bytes_sent',
  'bytes_received',
  'latency_sum_ms',
  'latency_count',
  'api_requests',
  'unjudged',
] as const;

export type Counts = Record<(typeof counters)[number] | 'latency_max_ms', number>;

/** What one kind of evidence counted of one dependency. */
export interface Cell {
  counts: Counts;
  /** Whether anything was counted at all, beside signals. */
  isCounted: boolean;
  latency: Histogram;
  signals: SignalFacts | undefined;
  /** Who saw it. */
  members: ReadonlySet<string>;
}

export function emptyCounts(): Counts {
  return {
    requests: 0,
    client_errors: 0,
    server_errors: 0,
    client_gone: 0,
    transport_failures: 0,
    bytes_sent: 0,
    bytes_received: 0,
    latency_sum_ms: 0,
    latency_count: 0,
    latency_max_ms: 0,
    api_requests: 0,
    unjudged: 0,
  };
}

export function emptyCell(): Cell {
  return { counts: emptyCounts(), isCounted: false, latency: [], signals: undefined, members: nobody };
}

const nobody: ReadonlySet<string> = new Set();

/** The sum of any number of sparse histograms. */
export function mergedHistograms(histograms: readonly Histogram[]): Histogram {
  const filled = histograms.filter(({ length }) => length > 0);
  return filled.reduce((sum, one) => addedHistograms(sum, one), [] as Histogram);
}

/** Written out: this runs for every dependency of every bucket, every second. */
export function addCounts(into: Counts, from: Counts | BucketDependency): void {
  into.requests += from.requests;
  into.client_errors += from.client_errors;
  into.server_errors += from.server_errors;
  into.client_gone += from.client_gone;
  into.transport_failures += from.transport_failures;
  into.bytes_sent += from.bytes_sent;
  into.bytes_received += from.bytes_received;
  into.latency_sum_ms += from.latency_sum_ms;
  into.latency_count += from.latency_count;
  into.api_requests += from.api_requests;
  into.unjudged += from.unjudged;
  if (from.latency_max_ms > into.latency_max_ms) into.latency_max_ms = from.latency_max_ms;
}

/** The sum of two sparse histograms. */
export function addedHistograms(a: Histogram, b: Histogram): Histogram {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const sum: Histogram = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i] ?? Infinity, b[j] ?? Infinity];
    const count = (x <= y ? (a[i + 1] as number) : 0) + (y <= x ? (b[j + 1] as number) : 0);
    sum.push(Math.min(x, y), count);
    if (x <= y) i += 2;
    if (y <= x) j += 2;
  }
  return sum;
}

/** Signals of one kind of evidence, of another member or bucket, added: see `SignalFacts`. */
export function addedSignals(
  a: SignalFacts | undefined,
  b: SignalFacts | TrafficSignals | undefined,
): SignalFacts | undefined {
  if (b === undefined) return a;
  if (a === undefined) return factsOf(b);
  const sum: SignalFacts = { ...a };
  for (const name of added) {
    const [x, y] = [a[name], b[name]];
    if (y !== undefined) sum[name] = (x ?? 0) + y;
  }
  for (const name of ['connect', 'proxy', 'origin', 'callee', 'between'] as const) {
    const [x, y] = [a[name], b[name]];
    if (y !== undefined)
      sum[name] = { sum_ms: (x?.sum_ms ?? 0) + y.sum_ms, count: (x?.count ?? 0) + y.count };
  }
  const floor = Math.min(a.rtt_floor_ms ?? Infinity, b.rtt_floor_ms ?? Infinity);
  if (floor !== Infinity) sum.rtt_floor_ms = floor;
  const middle = weighted(a, b);
  if (middle !== undefined) sum.rtt_ms = middle;
  const queue = addedQueues(a.queue_bytes, b.queue_bytes);
  if (queue !== undefined) sum.queue_bytes = queue;
  return sum;
}

const added = [
  'connections',
  'new_connections',
  'bytes_sent',
  'bytes_retransmitted',
  'retransmits',
  'busy_ms',
  'rwnd_limited_ms',
  'sndbuf_limited_ms',
] as const;

function factsOf(signals: SignalFacts | TrafficSignals): SignalFacts {
  const { source: _s, target: _t, protocol: _p, tuples: _u, ...facts } = signals as TrafficSignals;
  return facts;
}

/** Medians cannot be added; weighted by connections their mean lies between them. */
function weighted(a: SignalFacts, b: SignalFacts | TrafficSignals): number | undefined {
  if (a.rtt_ms === undefined || b.rtt_ms === undefined) return a.rtt_ms ?? b.rtt_ms;
  const [x, y] = [Math.max(1, a.connections ?? 1), Math.max(1, b.connections ?? 1)];
  return (a.rtt_ms * x + b.rtt_ms * y) / (x + y);
}

type Queue = SignalFacts['queue_bytes'];

function addedQueues(a: Queue, b: Queue): Queue {
  if (a === undefined || b === undefined) return a ?? b;
  return {
    last: b.last,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    sum: a.sum + b.sum,
    count: a.count + b.count,
  };
}

const rank: Record<Evidence, number> = { log: 2, span: 2, caller: 1, callee: 1, flow: 0 };

/**
 * What a cell is of: a kind of evidence, and where that tells of both ends, the end. Sockets are of one by their kind; logs and
 * spans of the one that called, unless it says otherwise. One request that both ends wrote down is one request.
 */
export type CellKey = Evidence | 'log callee' | 'span callee';

/** @param side the end that saw it, where that is the one that was called */
export function cellKey(evidence: Evidence, side: 'callee' | undefined): CellKey {
  return side !== undefined && (evidence === 'log' || evidence === 'span') ? `${evidence} ${side}` : evidence;
}

export function evidenceOf(key: CellKey): Evidence {
  return key === 'log callee' ? 'log' : key === 'span callee' ? 'span' : key;
}

export function sideOf(key: CellKey): 'callee' | undefined {
  return key === evidenceOf(key) ? undefined : 'callee';
}

/** Of the two ends the one that called is believed, unless the other saw so many times as much: then few callers tell. */
const muchMore = 2;

/** Whether the other end's counts stand for this one's. */
function isOutdone(key: CellKey, { isCounted, counts }: Cell, cells: ReadonlyMap<CellKey, Cell>): boolean {
  const evidence = evidenceOf(key);
  const isCallee = sideOf(key) === 'callee';
  const other = cells.get(cellKey(evidence, isCallee ? undefined : 'callee'));
  if (other === undefined || (evidence !== 'log' && evidence !== 'span')) return false;
  if (isCounted !== other.isCounted) return other.isCounted;
  return isCallee
    ? counts.requests < muchMore * other.counts.requests
    : other.counts.requests >= muchMore * counts.requests;
}

/**
 * The cell whose counts stand for a dependency, as in the topology library: what counts requests before what counts
 * connections before what has no process; among equals the one that saw most. One request seen twice is one request.
 */
export function bestCell(cells: ReadonlyMap<CellKey, Cell>): CellKey {
  let best: CellKey | undefined;
  for (const [one, cell] of cells) {
    if (isOutdone(one, cell, cells)) continue;
    if (best === undefined) {
      best = one;
      continue;
    }
    const before = cells.get(best) as Cell;
    const difference =
      Number(cell.isCounted) - Number(before.isCounted) ||
      rank[evidenceOf(one)] - rank[evidenceOf(best)] ||
      cell.counts.requests - before.counts.requests;
    if (difference > 0 || (difference === 0 && one < best)) best = one;
  }
  return best ?? 'flow';
}
