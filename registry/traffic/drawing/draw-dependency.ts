import { createHash } from 'node:crypto';
import type { GraphDependency } from '@netring/contract/graph';
import { activityOf, healthOf, HistogramSum, type Health } from '@netring/topology';
import type { DependencyFacts, EndFacts, Judged } from '../facts.ts';
import type { EndHost, GraphNode } from '../join/index.ts';
import {
  bestCell,
  evidenceOf,
  windowsOf,
  type Cell,
  type CellKey,
  type Gathered,
  type HostPair,
  type Sum,
} from '../sums/index.ts';
import { healthIn, troubleOver, type TroubleOver } from './since-trouble.ts';

/** A dependency ready to be drawn: what was gathered, and its total. */
export interface Drawable {
  gathered: Gathered;
  total: Sum;
  id: string;
}

/** A full-width hash of what tells a dependency from another. */
export function dependencyId(source: string, target: string, protocol: string): string {
  return createHash('sha256')
    .update(JSON.stringify([source, target, protocol]))
    .digest('hex');
}

export interface DrawTimes {
  /** The moment the picture is for. */
  nowMs: number;
  /** How long the window is: what rates are of. */
  windowMs: number;
}

const shares = [0.5, 0.95, 0.99] as const;
/** Of longer windows the health is that of the whole of them. */
const presentMs = 60_000;
const scratch = new HistogramSum();

/** The view of one dependency. What nobody measured is absent. */
export function drawDependency(
  { gathered, total, id }: Drawable,
  times: DrawTimes,
  known: { firstSeenMs: number; isMutual: boolean; judged: Judged; facts: DependencyFacts },
): GraphDependency {
  const countedBy = bestCell(total.cells);
  const { counts, latency } = total.cells.get(countedBy) as Cell;
  const whole = Math.round;
  const failed = counts.server_errors + counts.transport_failures;
  scratch.clear();
  scratch.add(latency);
  const [p50, p95, p99] = scratch.percentiles(shares, counts.latency_max_ms) ?? [];
  const bytes = bytesOf(total, countedBy);
  const mean = counts.latency_count > 0 ? counts.latency_sum_ms / counts.latency_count : undefined;
  const judged = counts.requests - counts.unjudged;
  const health = healthOf({ requests: counts.requests, judged, failed, p95Ms: p95 ?? mean });
  const over = overIn(health, times, known.facts);
  return {
    id,
    source_service: total.source.id,
    target_service: total.target.id,
    protocol: total.protocol,
    direction: known.isMutual ? 'bidirectional' : 'outbound',
    request_count: whole(counts.requests),
    requests_per_second: Math.round((counts.requests * 1e6) / times.windowMs) / 1000,
    ...bytes,
    error_count: whole(counts.client_errors + failed),
    client_errors: whole(counts.client_errors),
    server_errors: whole(counts.server_errors),
    client_gone: whole(counts.client_gone),
    transport_failures: whole(counts.transport_failures),
    ...(mean !== undefined && { avg_latency_ms: mean, max_latency_ms: counts.latency_max_ms }),
    ...(p50 !== undefined && { p50_latency_ms: p50 }),
    ...(p95 !== undefined && { p95_latency_ms: p95 }),
    ...(p99 !== undefined && { p99_latency_ms: p99 }),
    ...connectionsOf(total),
    health: over === undefined ? health : healthIn(over.since),
    ...(over && { trouble_over_ms: over.overMs }),
    activity: activityOf(total.lastSeenMs, times.nowMs),
    evidence: [...new Set([...total.cells.keys(), ...gathered.noted.keys()].map(evidenceOf))].sort(),
    counted_by: evidenceOf(countedBy),
    seen_by: seenBy(total, gathered),
    ...(total.hostPairs.size > 0 && { between: [...total.hostPairs.values()].map(namesOf) }),
    first_seen: iso(known.firstSeenMs),
    last_seen: iso(total.lastSeenMs),
    ...known.judged,
  };
}

/** The kernel knows connections best at the end that called. */
const sides: readonly CellKey[] = ['caller', 'callee', 'flow', 'log', 'span', 'log callee', 'span callee'];

/** Where requests failed or were slow within the last minute, and are well again. */
function overIn(
  health: Health,
  { windowMs }: DrawTimes,
  { windows }: DependencyFacts,
): TroubleOver | undefined {
  const isTrouble = health === 'failing' || health === 'slow';
  return isTrouble && windowMs <= presentMs ? troubleOver(windows) : undefined;
}

/**
 * Most logs tell no bytes: then the sockets do, which a request through them was no second one of. What nobody counted, in
 * either direction, is absent: a request is never of 0 bytes.
 */
function bytesOf(
  total: Sum,
  countedBy: CellKey,
): Pick<GraphDependency, 'total_bytes' | 'bytes_sent' | 'bytes_received'> {
  for (const one of [countedBy, ...sides]) {
    const counts = total.cells.get(one)?.counts;
    const [sent, received] = [counts?.bytes_sent ?? 0, counts?.bytes_received ?? 0].map(Math.round) as [
      number,
      number,
    ];
    if (sent + received === 0) continue;
    return {
      total_bytes: sent + received,
      ...(sent > 0 && { bytes_sent: sent }),
      ...(received > 0 && { bytes_received: received }),
    };
  }
  return {};
}

function connectionsOf(total: Sum): Pick<GraphDependency, 'connections' | 'rtt_floor_ms' | 'retransmitted'> {
  const signals = sides.map((one) => total.cells.get(one)?.signals).find((one) => one !== undefined);
  if (signals === undefined) return {};
  const { connections, rtt_floor_ms, bytes_sent, bytes_retransmitted } = signals;
  return {
    ...(connections !== undefined && { connections }),
    ...(rtt_floor_ms !== undefined && { rtt_floor_ms }),
    ...(bytes_retransmitted !== undefined &&
      bytes_sent !== undefined &&
      bytes_sent > 0 && { retransmitted: Math.min(1, bytes_retransmitted / bytes_sent) }),
  };
}

function seenBy(total: Sum, gathered: Gathered): GraphDependency['seen_by'] {
  const members = new Map<string, Set<string>>();
  const note = (member: string, key: CellKey): void => {
    const evidence = evidenceOf(key);
    const known = members.get(member);
    if (known === undefined) members.set(member, new Set([evidence]));
    else known.add(evidence);
  };
  for (const [evidence, cell] of total.cells) for (const member of cell.members) note(member, evidence);
  for (const [evidence, some] of gathered.noted) for (const member of some) note(member, evidence);
  return [...members]
    .map(([member, evidence]) => ({ member, evidence: [...evidence].sort() }))
    .sort((a, b) => (a.member < b.member ? -1 : 1));
}

function namesOf({ source, target }: HostPair): { source: string; target: string } {
  return { source: machineName(source), target: machineName(target) };
}

/** Of a machine as `hostId` writes it. */
function machineName(host: string): string {
  return host.slice(host.indexOf('/') + 1);
}

/** What is known of a dependency, for whoever judges it. */
export function factsOf({ gathered, total, id }: Drawable, nowMs: number): DependencyFacts {
  return {
    id,
    source: endOf(total.source, total.sourceHosts),
    target: endOf(total.target, total.targetHosts),
    protocol: total.protocol,
    windows: windowsOf(gathered, nowMs),
    memberPairs: memberPairsOf(total),
  };
}

/** Of machines that nobody saw together no more are guessed. */
const mostGuessed = 16;

/**
 * Members on both ends of one call, the busiest first. Longer windows keep only who was on either end: there each caller
 * may have called each callee.
 */
function memberPairsOf({ hostPairs, sourceHosts, targetHosts }: Sum): DependencyFacts['memberPairs'] {
  if (hostPairs.size === 0) {
    const [sources, targets] = [membersOf(sourceHosts), membersOf(targetHosts)];
    return sources.flatMap((source) => targets.map((target) => ({ source, target }))).slice(0, mostGuessed);
  }
  return [...hostPairs.values()].sort(busiestFirst).flatMap((pair) => {
    const [source, target] = [sourceHosts.get(pair.source)?.member, targetHosts.get(pair.target)?.member];
    return source === undefined || target === undefined ? [] : [{ source, target }];
  });
}

function busiestFirst(a: HostPair, b: HostPair): number {
  if (a.requests !== b.requests) return b.requests - a.requests;
  return `${a.source}\n${a.target}` < `${b.source}\n${b.target}` ? -1 : 1;
}

function membersOf(hosts: ReadonlyMap<string, EndHost>): string[] {
  return [...hosts.values()].flatMap(({ member }) => member ?? []);
}

function endOf(node: GraphNode, hosts: ReadonlyMap<string, EndHost>): EndFacts {
  return {
    id: node.id,
    name: node.name,
    kind: node.kind,
    ...(node.location !== undefined && { location: node.location }),
    hosts: [...hosts.values()].map(({ host, member, address }) => ({
      ...(member !== undefined && { member }),
      name: machineName(host),
      address,
    })),
  };
}

export function iso(epochMs: number): string {
  return new Date(Math.round(epochMs)).toISOString();
}
