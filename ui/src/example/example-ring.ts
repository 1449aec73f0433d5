import type { MemberView } from '@netring/contract/member';
import type { OverviewAnswer } from '@netring/contract/overview';
import type { LocationPath, PathState } from '@netring/contract/path';
import { fromSnapshot, type Picture } from '../live/picture.ts';

/** The registry's time in examples, in epoch milliseconds. */
export const exampleNowMs = new Date(2026, 2, 14, 14, 10).getTime();

/** A member for tables in tests: online, heard of 3 s ago, but for what `but` says. */
export function exampleMember(id: string, location: string, but: Partial<MemberView> = {}): MemberView {
  return {
    instance_id: id,
    location,
    ip: '10.0.0.1',
    port: 8757,
    last_seen: exampleNowMs / 1000 - 3,
    registered_at: exampleNowMs / 1000 - 3600,
    status: 'online',
    proved: true,
    peers: 'reachable',
    external_targets: [],
    probes_off: [],
    ...but,
  };
}

/** A location path for tables in tests: up at 10 ms, measured 2 s ago, but for what `but` says. */
export function examplePath(source: string, target: string, but: Partial<LocationPath> = {}): LocationPath {
  const state: PathState = but.state ?? 'ok';
  const atMs = exampleNowMs - 2_000;
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
      { kind: 'tcp', state, p50_ms: 10, sent: 12, lost: 0, at_ms: atMs },
      { kind: 'http', state, p50_ms: 21, sent: 12, lost: 0, at_ms: atMs },
    ],
    ...but,
  };
}

/** An unproved path: nothing was ever measured on it. */
export function unprovedPath(source: string, target: string): LocationPath {
  return examplePath(source, target, {
    state: 'unknown',
    checks: [],
    paths: { ok: 0, degraded: 0, down: 0, unknown: 0, unproved: 1 },
  });
}

/** A whole answer of the registry from these members and paths, all measured, but for what `but` says. */
export function exampleOverview(
  members: MemberView[],
  paths: LocationPath[],
  but: Partial<OverviewAnswer> = {},
): OverviewAnswer {
  return {
    now_ms: exampleNowMs,
    version: '1',
    store: { state: 'ok', since_ms: 0 },
    log_id: '1-0',
    members,
    location_paths: paths,
    incidents: [],
    coverage: { planned: paths.length, measured: paths.length, oldest_age_ms: 4_000 },
    ...but,
  };
}

/** Paths between all of these locations, changed by `but` where it names one (`'us1 eu1'`). */
export function mesh(locations: string[], but: Record<string, Partial<LocationPath>> = {}): LocationPath[] {
  return locations.flatMap((source) =>
    locations
      .filter((target) => target !== source)
      .map((target) => examplePath(source, target, but[`${source} ${target}`])),
  );
}

/** A picture of three locations with a member each. */
export function threeLocations(but: Record<string, Partial<LocationPath>> = {}): Picture {
  const locations = ['ap1', 'eu1', 'us1'];
  const members = locations.map((location) => exampleMember(`${location}-a`, location));
  return fromSnapshot(exampleOverview(members, mesh(locations, but)));
}
