import type { PathUnder } from '@netring/contract/graph';
import type { LocationPath, MemberPath, PathCheck } from '@netring/contract/path';
import type { Laid } from './laid.ts';
import type { MeasuredPaths } from './measured-paths.ts';

/** Round trips are read off these, the best first: TCP has the far end's kernel in it, UDP its echo. */
const byTrust = ['icmp', 'udp', 'tcp'] as const;

/** The path between the very machines; `undefined` when it is not measured. */
export function coveredByMembers(
  pair: { source: string; target: string },
  paths: MeasuredPaths,
  nowMs: number,
): Laid | undefined {
  const path = paths.memberPath(pair.source, pair.target, nowMs);
  if (path === undefined || path.state === 'unknown' || path.at_ms === undefined) return undefined;
  const checks = byTrust.flatMap((kind) => path.checks.find((one) => one.kind === kind) ?? []);
  const timed = checks.find(({ window }) => window.p50_ms !== undefined);
  const packets = checks.find(({ window }) => window.sent > 0)?.window ?? { sent: 0, lost: 0 };
  return {
    under: underOf('member', path, timed?.window.p50_ms, packets),
    ...newestOf(checks),
    ...tcpOf(path.checks),
    ...countsOf(packets),
    pair,
  };
}

/** The path between the locations; `undefined` when it is not measured, or one end is outside. */
export function coveredByLocations(
  source: string | undefined,
  target: string | undefined,
  paths: MeasuredPaths,
  nowMs: number,
): Laid | undefined {
  if (source === undefined || target === undefined) return undefined;
  const path = paths.locationPath(source, target, nowMs);
  if (path === undefined || path.state === 'unknown' || path.at_ms === undefined) return undefined;
  const checks = byTrust.flatMap((kind) => path.checks.find((one) => one.kind === kind) ?? []);
  const rtt = checks.find(({ p50_ms }) => p50_ms !== undefined)?.p50_ms;
  const packets = checks.find(({ sent }) => sent > 0) ?? { sent: 0, lost: 0 };
  return {
    under: underOf('location', path, rtt, packets),
    ...(rtt === undefined ? {} : { newestMs: rtt }),
    ...tcpOf(path.checks),
    ...countsOf(packets),
  };
}

function underOf(
  kind: 'member' | 'location',
  path: MemberPath | LocationPath,
  rtt: number | undefined,
  { sent, lost }: { sent: number; lost: number },
): PathUnder {
  const { source, target, state, since_ms, route, bandwidth, at_ms } = path;
  return {
    kind,
    source,
    target,
    state,
    ...(since_ms === undefined ? {} : { since_ms }),
    ...(rtt === undefined ? {} : { rtt_ms: rtt }),
    ...(sent > 0 ? { loss: lost / sent } : {}),
    ...rateOf(bandwidth),
    ...worstStepOf(route),
    ...(at_ms === undefined ? {} : { at_ms }),
    reasons: [...path.reasons],
  };
}

/** Tests and traces are rare, so what they found has its own time. */
function rateOf(bandwidth: MemberPath['bandwidth']): Pick<PathUnder, 'forward_mbps' | 'bandwidth_at_ms'> {
  if (bandwidth?.forward_mbps === undefined) return {};
  return { forward_mbps: bandwidth.forward_mbps, bandwidth_at_ms: bandwidth.at_ms };
}

/** Of a route of one step there is none: its only step is the far end. */
function worstStepOf(route: MemberPath['route']): Pick<PathUnder, 'worst_step' | 'traced_at_ms'> {
  if (route?.worst_step === undefined || (route.reached && route.hops === 1)) return {};
  return { worst_step: route.worst_step, traced_at_ms: route.at_ms };
}

/** The newest round trip of the most trusted kind that has one: a result that is void, or without an answer, has none. */
function newestOf(checks: readonly PathCheck[]): { newestMs?: number; newestAtMs?: number } {
  const newest = checks.find(({ latency_ms }) => latency_ms !== undefined);
  return newest?.latency_ms === undefined ? {} : { newestMs: newest.latency_ms, newestAtMs: newest.at_ms };
}

function tcpOf(checks: readonly { kind: string; state: string }[]): { tcpFine?: boolean } {
  const tcp = checks.find(({ kind, state }) => kind === 'tcp' && state !== 'unknown');
  return tcp === undefined ? {} : { tcpFine: tcp.state === 'ok' };
}

function countsOf({ sent, lost }: { sent: number; lost: number }): { sent: number; lost: number } {
  return { sent, lost };
}
