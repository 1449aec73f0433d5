import type { BandwidthResult, KeptBandwidthTest } from '@netring/contract/bandwidth';
import type { HistoryAnswer, HistoryPoint } from '@netring/contract/history';
import type { OverviewAnswer } from '@netring/contract/overview';
import type { MemberPath, PathAnswer } from '@netring/contract/path';
import type { Hop, KeptTrace } from '@netring/contract/trace';
import { pairsOf } from './scripted-ring.ts';

const minute = 60_000;

/** One way of a route: addresses with their round trips, a silent hop as `undefined`; the lower envelope makes the added latency. */
export function traceOf(
  source: string,
  target: string,
  route: readonly (readonly [string, number] | undefined)[],
  but: Partial<KeptTrace> = {},
): KeptTrace {
  const reached = but.reached ?? true;
  const hops = route.map((one, index): Hop => {
    if (one === undefined) return { ttl: index + 1, sent: 3, answers: [] };
    const [ip, median] = one;
    const answer = { ip, received: 3, min_ms: median * 0.98, median_ms: median, max_ms: median * 1.2 };
    return { ttl: index + 1, sent: 3, answers: [answer] };
  });
  let lowest = Infinity;
  const floors = [...route].reverse().map((one) => (lowest = Math.min(lowest, one?.[1] ?? Infinity)));
  floors.reverse();
  let before = 0;
  for (const [index, hop] of hops.entries()) {
    if (!reached || hop.answers.length === 0) continue;
    hop.added_ms = Math.max(0, (floors[index] ?? 0) - before);
    before = floors[index] ?? before;
  }
  const worst = hops.reduce(
    (most, hop) => ((hop.added_ms ?? 0) > (most?.added_ms ?? 5) ? hop : most),
    hops[99],
  );
  return {
    id: `${source} ${target} ${but.at_ms ?? 0}`,
    source,
    target,
    cause: 'schedule',
    protocol: 'icmp',
    outcome: 'ok',
    reached,
    hops,
    path_id: route.map((one) => one?.[0] ?? '*').join(' '),
    ...(worst !== undefined && {
      worst_step: { ttl: worst.ttl, ip: worst.answers[0]?.ip ?? '', added_ms: worst.added_ms ?? 0 },
    }),
    at_ms: Date.now() - 2 * minute,
    duration_ms: 410,
    ...but,
  };
}

const good = [
  ['10.3.0.1', 0.6],
  ['172.20.3.1', 1.9],
  undefined,
  ['198.51.100.9', 41.8],
  ['198.51.100.41', 42.5],
  ['203.0.113.17', 82.2],
  ['172.20.2.1', 82.9],
  ['10.2.0.11', 83.3],
] as const;
/** Hop 5 is another router and adds 80 ms; hop 6 answers late, and is blamed for nothing but its own distance. */
const slow = [
  ['10.3.0.1', 0.6],
  ['172.20.3.1', 1.9],
  undefined,
  ['198.51.100.9', 41.8],
  ['198.51.100.77', 121.6],
  ['203.0.113.17', 214.3],
  ['172.20.2.1', 163.0],
  ['10.2.0.11', 163.5],
] as const;
const back = [
  ['10.2.0.1', 0.5],
  ['172.20.2.1', 1.4],
  ['203.0.113.17', 1.9],
  ['198.51.100.41', 41.6],
  undefined,
  ['172.20.3.1', 82.8],
  ['10.3.0.11', 83.4],
] as const;

/** A path whose fifth hop has become slow, with everything that is told about a path. */
export function slowPath(picture: OverviewAnswer, source: string, target: string): PathAnswer | undefined {
  const found = (from: string, to: string): MemberPath | undefined => {
    const [one, other] = [from, to].map((id) => picture.members.find((each) => each.instance_id === id));
    const paths = pairsOf(picture, one?.location ?? '', other?.location ?? to.replace(/^external:/, ''));
    return paths.member_paths.find((path) => path.source === from && path.target === to);
  };
  const path = found(source, target);
  if (path === undefined) return undefined;
  const nowMs = Date.now();
  const latest = traceOf(source, target, slow, { cause: 'trouble' });
  const before = traceOf(source, target, good, { at_ms: nowMs - 40 * minute });
  const reverse = traceOf(target, source, back, { at_ms: nowMs - 5 * minute });
  const far = found(target, source);
  return {
    now_ms: nowMs,
    path: withUdp(path, 3),
    ...(far && { back: withUdp(far, 0) }),
    traces: { forward: { latest, last_good: before }, back: { latest: reverse, last_good: reverse } },
    route_changes: [
      changeAt(nowMs - 35 * minute, path, before, latest),
      changeAt(nowMs - 700 * minute, path, latest, before),
    ],
    bandwidth: {
      latest: bandwidthTest(source, target, nowMs - 9 * minute),
      forward: { ...rate('forward', 94.2, 'path'), at_ms: nowMs - 9 * minute },
      return: { ...rate('return', 487, 'receiver'), at_ms: nowMs - 200 * minute },
    },
    baselines: [
      { kind: 'icmp', median_ms: 83.2, spread_ms: 0.9, minutes: 1380 },
      { kind: 'tcp', median_ms: 83.6, spread_ms: 1.4, minutes: 1380 },
    ],
  };
}

function withUdp(path: MemberPath, lossy: number): MemberPath {
  const quiet = { count: 16, lossy: 0, over_ms: 10 * minute };
  const found = { ...quiet, lossy, loss_ratio: 0.31, direction: 'forward', confidence: 0.998 } as const;
  const flows = lossy > 0 ? found : quiet;
  const checks = path.checks.map((check) => {
    if (check.kind === 'udp') return { ...check, jitter_ms: 0.7, flows };
    return check.kind === 'icmp' ? { ...check, jitter_ms: 0.4 } : check;
  });
  return { ...path, checks };
}

function rate(
  direction: BandwidthResult['direction'],
  mbps: number,
  limitedBy: 'path' | 'receiver',
): BandwidthResult {
  return {
    direction,
    outcome: 'ok',
    mbps,
    bytes: 51_200_000,
    seconds: 4.3,
    streams: 4,
    limited_by: limitedBy,
    idle_rtt_ms: 83.4,
    loaded_rtt_ms: 151.2,
  };
}

function bandwidthTest(source: string, target: string, atMs: number): KeptBandwidthTest {
  const { mbps: _none, limited_by: _limit, ...unsure } = rate('return', 0, 'path');
  const reason = 'the byte budget ended it inside slow start';
  return {
    id: `${source} ${target} ${atMs}`,
    source,
    target,
    at_ms: atMs,
    duration_ms: 9_100,
    results: [rate('forward', 94.2, 'path'), { ...unsure, outcome: 'inconclusive', reason }],
  };
}

function changeAt(atMs: number, path: MemberPath, before: KeptTrace, after: KeptTrace) {
  const { source, source_location, target, target_location } = path;
  return { source, source_location, target, target_location, at_ms: atMs, before, after };
}

/** A day in steps of five minutes: usual until 35 minutes ago, then 80 ms slower; one hour was not measured. */
export function slowDay(source: string, target: string): HistoryAnswer {
  const stepMs = 5 * minute;
  const nowMs = Date.now();
  const first = Math.ceil((nowMs - 86_400_000) / stepMs) * stepMs;
  const points = Array.from({ length: 287 }, (_, index) => pointAt(first + index * stepMs, index)).filter(
    (_, index) => index < 120 || index > 131,
  );
  const baselines = [{ kind: 'icmp', median_ms: 83.2, spread_ms: 0.9, minutes: 1380 } as const];
  return { now_ms: nowMs, source, target, step_ms: stepMs, points, baselines };
}

function pointAt(atMs: number, index: number): HistoryPoint {
  const bad = index >= 280;
  const wave = 1.2 * Math.sin(index / 9) + 0.7 * Math.sin(index * 1.7);
  const p50 = 83 + wave + (bad ? 80 : 0);
  const lost = bad ? 4 : index % 61 === 0 ? 1 : 0;
  const check = { sent: 60, lost, p50_ms: p50, p95_ms: p50 + 3 + Math.abs(wave) * 4, jitter_ms: 0.5 };
  return {
    at_ms: atMs,
    state: bad ? 'degraded' : index === 60 ? 'down' : 'ok',
    checks: [
      { kind: 'tcp', ...check },
      { kind: 'icmp', ...check, lost: Math.max(0, lost - 1) },
    ],
    ...(index % 24 === 0 && { forward_mbps: 480 - (bad ? 386 : 0) + 6 * wave, return_mbps: 488 + 3 * wave }),
    ...(index % 6 === 0 && { worst_step_ms: 40 + (bad ? 40 : 0) + wave / 3, worst_step_ip: '203.0.113.17' }),
  };
}
