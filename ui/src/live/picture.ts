import type { Alert, Incident, Silence } from '@netring/contract/alert';
import type { EventData, EventName } from '@netring/contract/event';
import type { MemberView } from '@netring/contract/member';
import type { Coverage, OverviewAnswer, StoreState } from '@netring/contract/overview';
import type { LocationPath } from '@netring/contract/path';

/** What the dashboard knows. Never changed in place: every change makes a new picture that shares what stayed the same. */
export interface Picture {
  readonly version: string;
  readonly store: StoreState;
  readonly members: ReadonlyMap<string, MemberView>;
  /** Paths of one source location by `targetKey`. A source whose paths did not change keeps its map. */
  readonly paths: ReadonlyMap<string, PathsOfSource>;
  readonly coverage: Coverage;
  /** The registry's time at which `coverage` was true, in epoch milliseconds. */
  readonly coverageAtMs: number;
  /** Those that are open. */
  readonly incidents: readonly Incident[];
  /** What pends and fires, what was resolved in the past day, and what is kept quiet; absent until it was told. */
  readonly alerts?: KnownAlerts;
}

/** All alerts as the registry told them at `atMs` (epoch milliseconds). */
export interface KnownAlerts {
  readonly atMs: number;
  readonly alerts: readonly Alert[];
  readonly incidents: readonly Incident[];
  readonly silences: readonly Silence[];
}

export type PathsOfSource = ReadonlyMap<string, LocationPath>;
export type TargetKind = LocationPath['target_kind'];

/** One event of `GET /events` that changes the picture, with its name. */
type ChangeName = Exclude<EventName, 'tick' | 'trace' | 'graph' | 'requests'>;
export type Change = { [N in ChangeName]: { name: N; data: EventData<N> } }[ChangeName];

/** An external target may be called like a location, so the kind is part of the key. */
export function targetKey(kind: TargetKind, target: string): string {
  return `${kind}:${target}`;
}

/** The picture after these events, in their order; `undefined` as long as no snapshot has come. */
export function applyChanges(picture: Picture | undefined, changes: readonly Change[]): Picture | undefined {
  let next = picture;
  for (const change of changes) {
    if (change.name === 'snapshot') next = fromSnapshot(change.data, next);
    else if (next !== undefined) next = applyChange(next, change);
  }
  return next;
}

function applyChange(picture: Picture, change: Exclude<Change, { name: 'snapshot' }>): Picture {
  switch (change.name) {
    case 'members':
      return { ...picture, members: withMembers(picture.members, change.data) };
    case 'paths': {
      const { coverage, now_ms: coverageAtMs } = change.data;
      return { ...picture, paths: withPaths(picture.paths, change.data), coverage, coverageAtMs };
    }
    case 'store':
      return { ...picture, store: change.data.store };
    case 'alerts':
      return withAlerts(picture, change.data);
  }
}

/** Alerts are told whole, so the newest telling holds, in whichever order they come. */
function withAlerts(picture: Picture, data: EventData<'alerts'>): Picture {
  const { now_ms: atMs, alerts, incidents, silences } = data;
  if (picture.alerts !== undefined && picture.alerts.atMs > atMs) return picture;
  const open = incidents.filter(({ state }) => state === 'open');
  return { ...picture, incidents: open, alerts: { atMs, alerts, incidents, silences } };
}

/** The registry's whole answer as a picture. It replaces everything, but what is the same stays the same object. */
export function fromSnapshot(overview: OverviewAnswer, before?: Picture): Picture {
  const paths = new Map<string, Map<string, LocationPath>>();
  for (const path of overview.location_paths) put(paths, before?.paths, path);
  return {
    version: overview.version,
    store: overview.store,
    members: new Map(overview.members.map((member) => [member.instance_id, member])),
    paths,
    coverage: overview.coverage,
    coverageAtMs: overview.now_ms,
    incidents: overview.incidents,
    ...(before?.alerts !== undefined && { alerts: before.alerts }),
  };
}

function put(
  paths: Map<string, Map<string, LocationPath>>,
  before: Picture['paths'] | undefined,
  path: LocationPath,
): void {
  const key = targetKey(path.target_kind, path.target);
  const known = before?.get(path.source)?.get(key);
  const ofSource = paths.get(path.source) ?? new Map<string, LocationPath>();
  ofSource.set(key, known !== undefined && sameFacts(known, path) ? known : path);
  paths.set(path.source, ofSource);
}

function sameFacts(one: LocationPath, other: LocationPath): boolean {
  return (
    one.at_ms === other.at_ms && one.state === other.state && JSON.stringify(one) === JSON.stringify(other)
  );
}

function withMembers(
  members: Picture['members'],
  { members: changed, removed }: EventData<'members'>,
): Picture['members'] {
  const next = new Map(members);
  for (const id of removed) next.delete(id);
  for (const member of changed) next.set(member.instance_id, member);
  return next;
}

function withPaths(
  paths: Picture['paths'],
  { location_paths: changed, removed }: EventData<'paths'>,
): Picture['paths'] {
  const next = new Map(paths);
  const copied = new Map<string, Map<string, LocationPath>>();
  const ofSource = (source: string): Map<string, LocationPath> => {
    const copy = copied.get(source) ?? new Map(paths.get(source));
    copied.set(source, copy);
    next.set(source, copy);
    return copy;
  };
  for (const gone of removed) {
    const kinds: readonly TargetKind[] = gone.target_kind ? [gone.target_kind] : ['member', 'external'];
    for (const kind of kinds) ofSource(gone.source).delete(targetKey(kind, gone.target));
  }
  for (const path of changed) ofSource(path.source).set(targetKey(path.target_kind, path.target), path);
  for (const [source, copy] of copied) if (copy.size === 0) next.delete(source);
  return next;
}

/** Every location path of the picture, source by source. */
export function* allPaths(picture: Picture): Generator<LocationPath> {
  for (const ofSource of picture.paths.values()) yield* ofSource.values();
}

/** The path of a location pair, if there is one. */
export function pathOf(
  picture: Picture | undefined,
  source: string,
  kind: TargetKind,
  target: string,
): LocationPath | undefined {
  return picture?.paths.get(source)?.get(targetKey(kind, target));
}
