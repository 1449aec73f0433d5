import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { Evidence, Histogram } from '@netring/topology';
import type { SignalFacts } from '../facts.ts';
import type { EndHost, GraphNode } from '../join/index.ts';
import {
  cellKey,
  emptyCell,
  evidenceOf,
  sideOf,
  sumKey,
  type Cell,
  type CellKey,
  type Counts,
  type Gathered,
  type Slot,
  type Sum,
} from '../sums/index.ts';
import { packJudged, unpackJudged, type JudgedThen, type PackedJudged } from './judged.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** A stretch of the service graph as it is kept: nodes once, and what was counted between them. */
interface Packed {
  version: 1;
  startMs: number;
  durationMs: number;
  nodes: GraphNode[];
  sums: PackedSum[];
  judged?: PackedJudged;
}

/** A dependency in a stretch of time, with its counts added up. */
export interface Totalled {
  gathered: Gathered;
  total: Sum;
}

interface PackedSum {
  /** Indexes into `nodes`. */
  source: number;
  target: number;
  protocol: string;
  filter?: string;
  seen: [firstMs: number, lastMs: number];
  cells: [
    evidence: Evidence,
    counted: 0 | 1,
    counts: Counts,
    latency: Histogram,
    signals: SignalFacts | null,
    members: string[],
    side?: 'callee',
  ][];
  ports?: number[];
  sources?: EndHost[];
  targets?: EndHost[];
  seenAt?: { host: string; port: number; protocol: string }[];
  onlyHost?: 1;
  alias?: 1;
}

/** Packs what was gathered of a stretch of time, deflated. */
export function packWindow(
  startMs: number,
  durationMs: number,
  all: readonly Totalled[],
  judged: JudgedThen,
): Promise<Buffer> {
  const nodes = new Map<string, { node: GraphNode; at: number }>();
  const indexOf = (node: GraphNode): number => {
    const known = nodes.get(node.id);
    if (known !== undefined) return known.at;
    nodes.set(node.id, { node, at: nodes.size });
    return nodes.size - 1;
  };
  const sums = all.map((one) => packSum(one, indexOf));
  const packed: Packed = {
    version: 1,
    startMs,
    durationMs,
    nodes: [...nodes.values()].map(({ node }) => node),
    sums,
    ...(judged.size > 0 && { judged: packJudged(judged) }),
  };
  return deflate(JSON.stringify(packed), { level: 6 });
}

/** What was said of dependencies in a stretch of time whose counts are kept elsewhere. */
export function packVerdicts(judged: JudgedThen): Promise<Buffer> {
  return deflate(JSON.stringify(packJudged(judged)), { level: 6 });
}

export async function unpackVerdicts(value: Buffer): Promise<JudgedThen> {
  return unpackJudged(JSON.parse((await inflate(value)).toString('utf8')) as PackedJudged);
}

function packSum({ gathered, total }: Totalled, indexOf: (node: GraphNode) => number): PackedSum {
  const cells = new Map(total.cells);
  for (const [evidence, members] of gathered.noted) {
    const cell = cells.get(evidence) ?? emptyCell();
    cells.set(evidence, { ...cell, members: new Set([...cell.members, ...members]) });
  }
  return {
    source: indexOf(gathered.source),
    target: indexOf(gathered.target),
    protocol: gathered.protocol,
    ...(gathered.filter !== undefined && { filter: gathered.filter }),
    seen: [total.firstSeenMs, total.lastSeenMs],
    cells: [...cells].map(([key, cell]) => [
      evidenceOf(key),
      cell.isCounted ? 1 : 0,
      cell.counts,
      cell.latency,
      cell.signals ?? null,
      [...cell.members],
      ...sides(key),
    ]),
    ...(total.ports.size > 0 && { ports: [...total.ports] }),
    ...(total.sourceHosts.size > 0 && { sources: [...total.sourceHosts.values()] }),
    ...(total.targetHosts.size > 0 && { targets: [...total.targetHosts.values()] }),
    ...(total.seenAt.size > 0 && { seenAt: [...total.seenAt.values()] }),
    ...(gathered.isOnlyHost && { onlyHost: 1 as const }),
    ...(total.isThroughAlias && { alias: 1 as const }),
  };
}

/** Of cells of those that called, and of all that were packed before ends were told apart, there is none. */
function sides(key: CellKey): ['callee'?] {
  const side = sideOf(key);
  return side === undefined ? [] : [side];
}

/** The stretch of time that {@link packWindow} packed. */
export async function unpackWindow(value: Buffer): Promise<Slot> {
  const packed = JSON.parse((await inflate(value)).toString('utf8')) as Packed;
  const { startMs, durationMs, nodes, judged } = packed;
  const sums = new Map<string, Sum>();
  for (const one of packed.sums) {
    const [source, target] = [nodes[one.source], nodes[one.target]];
    if (source === undefined || target === undefined) continue;
    sums.set(sumKey(source.id, target.id, one.protocol, one.filter), sumOf(one, source, target));
  }
  return { startMs, durationMs, sums, ...(judged && { judged: unpackJudged(judged) }) };
}

function sumOf(one: PackedSum, source: GraphNode, target: GraphNode): Sum {
  const byHost = (hosts: EndHost[] = []) => new Map(hosts.map((host) => [host.host, host]));
  return {
    source,
    target,
    protocol: one.protocol,
    filter: one.filter,
    cells: new Map(
      one.cells.map(([evidence, counted, counts, latency, signals, members, side]): [CellKey, Cell] => [
        cellKey(evidence, side),
        {
          counts,
          isCounted: counted === 1,
          latency,
          signals: signals ?? undefined,
          members: new Set(members),
        },
      ]),
    ),
    ports: new Set(one.ports),
    firstSeenMs: one.seen[0],
    lastSeenMs: one.seen[1],
    sourceHosts: byHost(one.sources),
    targetHosts: byHost(one.targets),
    // Of the past only the machines of each end are kept.
    hostPairs: new Map(),
    isOnlyHost: one.onlyHost === 1,
    isThroughAlias: one.alias === 1,
    seenAt: new Map((one.seenAt ?? []).map((at) => [`${at.host} ${at.port}`, at])),
  };
}
