import type { ExternalTarget, MemberView } from '@netring/contract/member';
import type { OverviewAnswer } from '@netring/contract/overview';
import type { LocationPath, MemberPath, PathsAnswer, PathState } from '@netring/contract/path';
import { alertsOf } from './scripted-incidents.ts';
import { graphOf } from './scripted-graph.ts';
import { slowDay, slowPath } from './scripted-path.ts';
import type { Script } from './scripted-registry.ts';

/** A member that is well, but for what `but` says. */
export function member(id: string, location: string, but: Partial<MemberView> = {}): MemberView {
  const nowS = Date.now() / 1000;
  return {
    instance_id: id,
    location,
    ip: '10.1.0.7',
    port: 8757,
    last_seen: nowS - 3,
    registered_at: nowS - 86_400 * 2,
    status: 'online',
    version: '0.1.0',
    proved: true,
    peers: 'reachable',
    external_targets: [],
    probes_off: [],
    ...but,
  };
}

/** A location path that is up with the given latency, but for what `but` says. */
export function path(
  source: string,
  target: string,
  latencyMs: number,
  but: Partial<LocationPath> = {},
): LocationPath {
  const atMs = Date.now() - 2_000;
  const state: PathState = but.state ?? 'ok';
  const sent = 12;
  const lost = state === 'down' ? sent : 0;
  const p50 = state === 'down' ? {} : { p50_ms: latencyMs };
  const echo = { state, ...(state !== 'down' && { p50_ms: latencyMs * 0.995 }), sent: 60, at_ms: atMs };
  const hops = 6 + (Math.round(latencyMs) % 5);
  return {
    source,
    target,
    target_kind: 'member',
    state,
    reasons: [],
    answering: true,
    at_ms: atMs,
    paths: { ok: 0, degraded: 0, down: 0, unknown: 0, unproved: 0, [state]: 1 },
    checks: [
      { kind: 'tcp', state, ...p50, sent, lost, at_ms: atMs },
      { kind: 'http', state, ...(state !== 'down' && { p50_ms: latencyMs * 2.1 }), sent, lost, at_ms: atMs },
      ...(but.target_kind === 'external'
        ? []
        : [
            { kind: 'icmp' as const, ...echo, lost: 5 * lost },
            { kind: 'udp' as const, ...echo, lost: 5 * lost },
          ]),
    ],
    ...(but.target_kind !== 'external' && {
      route: {
        hops,
        reached: true,
        path_id: `${source} ${target}`,
        worst_step: { ttl: 4, ip: '198.51.100.9', added_ms: latencyMs * 0.6 },
        at_ms: atMs - 130_000,
      },
      bandwidth: { forward_mbps: 480 - latencyMs, return_mbps: 940, at_ms: atMs - 1_300_000 },
    }),
    ...but,
  };
}

/** The whole picture from members and paths, fully measured but for what `but` says. */
export function overview(
  members: MemberView[],
  paths: LocationPath[],
  but: Partial<OverviewAnswer> = {},
): OverviewAnswer {
  return {
    now_ms: Date.now(),
    version: '0.1.0',
    store: { state: 'ok', since_ms: Date.now() - 3_600_000 },
    log_id: '1-0',
    members,
    location_paths: paths,
    incidents: [],
    coverage: { planned: paths.length, measured: paths.length, oldest_age_ms: 2_400 },
    ...but,
  };
}

const latencies: Record<string, number> = {
  'ap1 eu1': 168.2,
  'ap1 us1': 142.6,
  'ap1 us2': 121.3,
  'eu1 us1': 83.4,
  'eu1 us2': 141.7,
  'us1 us2': 61.9,
};

export const shop: ExternalTarget = { name: 'shop', kind: 'http', address: 'https://shop.example/health' };
export const bank: ExternalTarget = { name: 'bank-gateway', kind: 'tcp', address: '192.0.2.14:443' };

/** Four locations and two external targets, everything up. `but` changes single paths: `'us1 eu1'`. */
export function fourLocations(but: Record<string, Partial<LocationPath>> = {}): OverviewAnswer {
  const locations = ['ap1', 'eu1', 'us1', 'us2'];
  const members = locations.flatMap((name, index) => [
    member(`${name}-edge-a`, name, { ip: `10.${index + 1}.0.11`, external_targets: [shop, bank] }),
    member(`${name}-edge-b`, name, { ip: `10.${index + 1}.0.12`, last_seen: Date.now() / 1000 - 7 }),
  ]);
  const between = locations.flatMap((source) =>
    locations
      .filter((target) => target !== source)
      .map((target, index) => {
        const latency = latencies[[source, target].sort().join(' ')] ?? 50;
        return path(source, target, latency + index / 4, but[`${source} ${target}`]);
      }),
  );
  const outside = locations.flatMap((source, index) => [
    path(source, 'shop', 24 + 17 * index, { target_kind: 'external', ...but[`${source} shop`] }),
    path(source, 'bank-gateway', 9.3 + 31 * index, {
      target_kind: 'external',
      ...but[`${source} bank-gateway`],
    }),
  ]);
  return overview(members, [...between, ...outside], {
    incidents: [],
    coverage: { planned: 64, measured: 64, oldest_age_ms: 3_200 },
  });
}

/** The member pairs of a location pair, in the state of the roll-up. */
export function pairsOf(picture: OverviewAnswer, source: string, target: string): PathsAnswer {
  const rolled = picture.location_paths.filter((one) => one.source === source && one.target === target);
  const sources = picture.members.filter((one) => one.location === source);
  const targets = picture.members.filter((one) => one.location === target);
  const pairs = rolled.flatMap((one) =>
    sources.flatMap((from) =>
      one.target_kind === 'external'
        ? [memberPath(one, from.instance_id, `external:${one.target}`)]
        : targets.map((to) => memberPath(one, from.instance_id, to.instance_id)),
    ),
  );
  return { now_ms: Date.now(), location_paths: rolled, member_paths: pairs };
}

function memberPath(rolled: LocationPath, source: string, target: string): MemberPath {
  return {
    source,
    source_location: rolled.source,
    target,
    target_location: rolled.target,
    target_kind: rolled.target_kind,
    state: rolled.state,
    ...(rolled.since_ms !== undefined && { since_ms: rolled.since_ms }),
    reasons: rolled.reasons,
    answering: rolled.answering,
    proved: rolled.paths.unproved === 0,
    at_ms: Date.now() - 2_000,
    checks: rolled.checks.map((check) => ({
      kind: check.kind,
      ...(check.kind === 'http' && { endpoint: '/health' }),
      outcome: check.state === 'down' ? 'timeout' : 'ok',
      at_ms: check.at_ms,
      state: check.state,
      ...(check.p50_ms !== undefined && { latency_ms: check.p50_ms * 1.04 }),
      ...(check.kind === 'http' && check.state !== 'down' && { status: 200 }),
      ...(check.state === 'down' && { reason: 'TCP connect timed out after 2 s, twice' }),
      window: {
        duration_ms: 60_000,
        checks: check.sent,
        failed: check.lost,
        voided: 0,
        sent: check.sent,
        lost: check.lost,
        ...(check.p50_ms !== undefined && { p50_ms: check.p50_ms, p95_ms: check.p50_ms * 1.31 }),
      },
    })),
  };
}

/** A script that plays this picture and answers pairs from it. */
export function scriptOf(picture: OverviewAnswer): Script {
  const script: Script = {
    overview: picture,
    paths: (source, target) => pairsOf(script.overview, source, target),
    path: (source, target) => slowPath(script.overview, source, target),
    history: slowDay,
    alerts: () => {
      const { incidents, now_ms } = script.overview;
      // As of the picture: what is sent afterwards is newer.
      return incidents.length > 0 ? alertsOf(incidents) : { now_ms, incidents, alerts: [], silences: [] };
    },
    graph: graphOf([], []),
    trace: { kind: 'refused', status: 401, message: 'tracing needs NETRING_OPERATOR_TOKEN as bearer token' },
    ticking: true,
    serving: true,
  };
  return script;
}
