import { addRow, emptyRow, fields, rowLength } from './cell.ts';
import type { Bucket } from './bucket.ts';
import type { ServiceEntry, Track } from './entries.ts';
import { HistogramSum } from './histogram.ts';
import type { Evidence } from './observation.ts';
import type { Protocol } from './protocol.ts';

/** What was counted of one dependency by one kind of evidence, over all buckets of a window. */
export interface Sum {
  readonly row: Float64Array;
  readonly latency: HistogramSum | undefined;
}

/** A dependency between services as people name them, with its sums by evidence. */
export interface Edge {
  readonly source: string;
  readonly target: string;
  readonly protocol: Protocol;
  readonly byEvidence: Map<Evidence, Sum>;
  firstSeenMs: number;
}

/** A service as people name it: every entry that goes by that name. */
export interface Node {
  readonly id: string;
  readonly entries: Set<ServiceEntry>;
}

export interface View {
  readonly nodes: Map<string, Node>;
  readonly edges: Edge[];
  /** All observations in the window, by the number of their filter. */
  readonly observations: number[];
}

export interface ViewOptions {
  /** The name that people gave to a service of that id, or the id. */
  idOf: (id: string) => string;
  /** Whether traffic under that filter (0: none) is shown. */
  isShown: (filter: number) => boolean;
  percentiles: boolean;
}

/** Sums up buckets: what each track has, then what each dependency has. */
export function viewOf(buckets: Iterable<Bucket>, options: ViewOptions): View {
  const observations: number[] = [];
  const sums = new Map<Track, Sum>();
  for (const bucket of buckets) addBucket(bucket, sums, observations, options);
  const nodes = new Map<string, Node>();
  const edges = new Map<string, Edge>();
  for (const [track, sum] of sums) {
    const source = nodeOf(nodes, track.source, options);
    const target = nodeOf(nodes, track.target, options);
    const edge = edgeOf(edges, source, target, track);
    edge.firstSeenMs = Math.min(edge.firstSeenMs, track.firstSeenMs);
    const before = edge.byEvidence.get(track.evidence);
    if (before === undefined) edge.byEvidence.set(track.evidence, sum);
    else addSum(before, sum);
  }
  return { nodes, edges: foldPlain([...edges.values()], nodes), observations };
}

function addBucket(
  bucket: Bucket,
  sums: Map<Track, Sum>,
  observations: number[],
  options: ViewOptions,
): void {
  const scratch = new HistogramSum();
  for (let slot = 0; slot < bucket.tracks.length; slot++) {
    const track = bucket.tracks[slot] as Track;
    const at = slot * rowLength;
    observations[track.filter] =
      (observations[track.filter] ?? 0) + (bucket.rows[at + fields.requests] as number);
    if (!options.isShown(track.filter)) continue;
    let sum = sums.get(track);
    if (sum === undefined) {
      const latency = options.percentiles ? new HistogramSum() : undefined;
      sums.set(track, (sum = { row: emptyRow(new Float64Array(rowLength)), latency }));
    }
    addRow(sum.row, 0, bucket.rows, at);
    sum.latency?.add(bucket.latencies.read(slot, scratch));
  }
}

/**
 * Sockets that were seen before a log said what is spoken there look like another dependency. Where everything that is
 * only TCP about the callee listens where the one better protocol between the two does, it is the same.
 */
function foldPlain(edges: readonly Edge[], nodes: ReadonlyMap<string, Node>): Edge[] {
  const better = new Map<string, Edge[]>();
  const pairOf = (edge: Edge): string => JSON.stringify([edge.source, edge.target]);
  const plain = edges.filter(({ protocol }) => protocol === 'tcp');
  if (plain.length === 0) return [...edges];
  for (const edge of edges)
    if (edge.protocol !== 'tcp' && edge.protocol !== 'udp')
      better.set(pairOf(edge), [...(better.get(pairOf(edge)) ?? []), edge]);
  return edges.filter((edge) => {
    const [into, ...others] = edge.protocol === 'tcp' ? (better.get(pairOf(edge)) ?? []) : [];
    if (into === undefined || others.length > 0 || !listensAlike(nodes.get(edge.target), into.protocol))
      return true;
    into.firstSeenMs = Math.min(into.firstSeenMs, edge.firstSeenMs);
    for (const [evidence, sum] of edge.byEvidence) {
      const before = into.byEvidence.get(evidence);
      if (before === undefined) into.byEvidence.set(evidence, sum);
      else addSum(before, sum);
    }
    return false;
  });
}

function listensAlike(node: Node | undefined, protocol: Protocol): boolean {
  const listeners = [...(node?.entries ?? [])].flatMap((entry) => [...entry.listeners.values()]);
  const places = new Set(
    listeners.filter((one) => one.protocol === protocol).map(({ host, port }) => `${host} ${port}`),
  );
  const plain = listeners.filter((one) => one.protocol === 'tcp');
  return plain.every(({ host, port }) => places.has(`${host} ${port}`));
}

function addSum(into: Sum, from: Sum): void {
  addRow(into.row, 0, from.row, 0);
  if (from.latency !== undefined) into.latency?.add(from.latency.toHistogram());
}

function nodeOf(nodes: Map<string, Node>, entry: ServiceEntry, { idOf }: ViewOptions): Node {
  const id = idOf(entry.id);
  let node = nodes.get(id);
  if (node === undefined) nodes.set(id, (node = { id, entries: new Set() }));
  node.entries.add(entry);
  return node;
}

function edgeOf(edges: Map<string, Edge>, source: Node, target: Node, { protocol }: Track): Edge {
  // No id can hold what JSON puts between two of them.
  const key = JSON.stringify([source.id, target.id, protocol]);
  let edge = edges.get(key);
  if (edge === undefined) {
    edge = { source: source.id, target: target.id, protocol, byEvidence: new Map(), firstSeenMs: Infinity };
    edges.set(key, edge);
  }
  return edge;
}

const rank: Record<Evidence, number> = { log: 2, span: 2, caller: 1, callee: 1, flow: 0 };

/**
 * The evidence whose counts stand for a dependency: what counts requests before what counts connections before what
 * has no process; among equals the one that saw most. Adding them up would count one request twice.
 */
export function bestEvidence(byEvidence: ReadonlyMap<Evidence, Sum>): Evidence {
  const requests = (evidence: Evidence): number => byEvidence.get(evidence)?.row[fields.requests] as number;
  return [...byEvidence.keys()].sort().reduce((best, one) => {
    const difference = rank[one] - rank[best];
    return difference > 0 || (difference === 0 && requests(one) > requests(best)) ? one : best;
  });
}
