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

/** Location paths are listed at most so often: every dependency asks for one. */
const listedForMs = 500;

/** {@link MeasuredPaths} over the rooms of the registry. */
export function createMeasuredPaths(rooms: PathRooms): MeasuredPaths {
  let byEnds = new Map<string, LocationPath>();
  let listedAtMs = -Infinity;
  return {
    memberPath: (source, target, nowMs) => rooms.memberPath(source, target, nowMs),
    tracesOf: (source, target) => rooms.tracesOf(source, target),
    locationPath(source, target, nowMs) {
      if (Math.abs(nowMs - listedAtMs) >= listedForMs) {
        listedAtMs = nowMs;
        const between = rooms.locationPaths().filter((one) => one.target_kind === 'member');
        byEnds = new Map(between.map((one) => [keyOf(one.source, one.target), one]));
      }
      return byEnds.get(keyOf(source, target));
    },
  };
}

function keyOf(source: string, target: string): string {
  return `${source}\u0000${target}`;
}
