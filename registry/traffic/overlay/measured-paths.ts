import type { LocationPath, MemberPath } from '@netring/contract/path';
import type { TracesOfPath } from '@netring/contract/trace';

/** What is measured between members and between locations, as the overlay asks for it. */
export interface MeasuredPaths {
  memberPath(source: string, target: string, nowMs: number): MemberPath | undefined;
  locationPath(source: string, target: string, nowMs: number): LocationPath | undefined;
  /** The newest routes between two members. */
  tracesOf(source: string, target: string): TracesOfPath;
}

/** The rooms that know. */
export interface PathRooms {
  memberPath(source: string, target: string, nowMs: number): MemberPath | undefined;
  locationPaths(): readonly LocationPath[];
  tracesOf(source: string, target: string): TracesOfPath;
}

/** Paths are described at most so often: many dependencies lie over the same few. */
const describedForMs = 500;

/** {@link MeasuredPaths} over the rooms of the registry. */
export function createMeasuredPaths(rooms: PathRooms): MeasuredPaths {
  let byEnds = new Map<string, LocationPath>();
  const byMembers = new Map<string, MemberPath | undefined>();
  let describedAtMs = -Infinity;
  return {
    memberPath(source, target, nowMs) {
      keepFresh(nowMs);
      const key = keyOf(source, target);
      if (!byMembers.has(key)) byMembers.set(key, rooms.memberPath(source, target, nowMs));
      return byMembers.get(key);
    },
    tracesOf: (source, target) => rooms.tracesOf(source, target),
    locationPath(source, target, nowMs) {
      keepFresh(nowMs);
      return byEnds.get(keyOf(source, target));
    },
  };

  function keepFresh(nowMs: number): void {
    if (Math.abs(nowMs - describedAtMs) < describedForMs) return;
    describedAtMs = nowMs;
    byMembers.clear();
    const between = rooms.locationPaths().filter((one) => one.target_kind === 'member');
    byEnds = new Map(between.map((one) => [keyOf(one.source, one.target), one]));
  }
}

function keyOf(source: string, target: string): string {
  return `${source}\u0000${target}`;
}
