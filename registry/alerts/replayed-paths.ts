import type { HistoryPoint } from '@netring/contract/history';
import type {
  BandwidthSummary,
  LocationPath,
  MemberPath,
  PathCheck,
  PathState,
} from '@netring/contract/path';

/** A member path whose history is kept. */
export interface KeptPath {
  source: string;
  source_location: string;
  target: string;
  target_location: string;
  target_kind: 'member' | 'external';
}

interface Shown {
  path: KeptPath;
  point: HistoryPoint;
}

/** What the points of one step of history show, as the paths that rules are held against. */
export function pathsOf(shown: readonly Shown[]): {
  locationPaths: LocationPath[];
  memberPathsOf: (path: LocationPath) => readonly MemberPath[];
} {
  const groups = new Map<string, Shown[]>();
  for (const one of shown) {
    const { source_location, target_location, target_kind } = one.path;
    const key = JSON.stringify([source_location, target_location, target_kind]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const members = new Map<LocationPath, Shown[]>();
  for (const group of groups.values()) members.set(locationPathOf(group), group);
  return {
    locationPaths: [...members.keys()],
    memberPathsOf: (path) => (members.get(path) ?? []).map(memberPathOf),
  };
}

function locationPathOf(group: readonly Shown[]): LocationPath {
  const { source_location: source, target_location: target, target_kind } = (group[0] as Shown).path;
  const points = group.map(({ point }) => point);
  const paths = { ok: 0, degraded: 0, down: 0, unknown: 0, unproved: 0 };
  for (const { state } of points) paths[state] += 1;
  const steps = points.filter(({ worst_step_ms: ms }) => ms !== undefined);
  const worst = steps.sort((a, b) => (b.worst_step_ms ?? 0) - (a.worst_step_ms ?? 0))[0];
  return {
    ...{
      source,
      target,
      target_kind,
      state: stateOf(paths),
      reasons: [],
      answering: true,
      paths,
      checks: [],
    },
    ...(worst !== undefined && { route: routeOf(worst) }),
    ...ratesOf(points),
  };
}

/** Down when all that are measured are, degraded when some are not well. */
function stateOf({ ok, degraded, down }: LocationPath['paths']): PathState {
  if (down > 0 && ok + degraded === 0) return 'down';
  if (down + degraded > 0) return 'degraded';
  return ok > 0 ? 'ok' : 'unknown';
}

function memberPathOf({ path, point }: Shown): MemberPath {
  return {
    ...path,
    ...{ state: point.state, reasons: [], answering: true, proved: true },
    checks: point.checks.map((check) => checkOf(check, point.at_ms)),
    ...(point.worst_step_ms !== undefined && { route: routeOf(point) }),
  };
}

function checkOf({ kind, sent, lost, p50_ms }: HistoryPoint['checks'][number], atMs: number): PathCheck {
  const counts = { duration_ms: 60_000, checks: sent, failed: lost, voided: 0, sent, lost };
  const window = { ...counts, ...(p50_ms !== undefined && { p50_ms }) };
  const silent = sent > 0 && lost === sent;
  return { kind, outcome: silent ? 'timeout' : 'ok', at_ms: atMs, state: silent ? 'down' : 'ok', window };
}

/** History keeps what the worst step adds and who is at its far side, not how far it is: `ttl` is 0. */
function routeOf({ worst_step_ms: ms = 0, worst_step_ip: ip = '', at_ms }: HistoryPoint) {
  return { hops: 0, reached: true, at_ms, worst_step: { ttl: 0, ip, added_ms: ms } };
}

function ratesOf(points: readonly HistoryPoint[]): { bandwidth?: BandwidthSummary } {
  const lowest = (rates: (number | undefined)[]) => Math.min(...rates.filter((one) => one !== undefined));
  const forward = lowest(points.map((one) => one.forward_mbps));
  const back = lowest(points.map((one) => one.return_mbps));
  if (forward === Infinity && back === Infinity) return {};
  const known = (name: string, rate: number) => (rate === Infinity ? {} : { [name]: rate });
  const rates = { ...known('forward_mbps', forward), ...known('return_mbps', back) };
  return { bandwidth: { ...rates, at_ms: points[0]?.at_ms ?? 0 } };
}
