import type { MemberPath } from '@netring/contract/path';
import type { Picture } from '../live/picture.ts';
import { memberPairs } from '../pair/member-pairs.ts';
import { byName } from '../words/by-name.ts';

/** Locations that paths lead from, and to which from one of them. External targets are not compared: nothing traces back. */
export function sourcesOf(picture: Picture): string[] {
  return [...picture.paths.keys()].sort(byName);
}

export function targetsFrom(picture: Picture, source: string): string[] {
  const paths = [...(picture.paths.get(source)?.values() ?? [])];
  return paths
    .filter(({ target_kind: kind }) => kind === 'member')
    .map(({ target }) => target)
    .sort(byName);
}

/** The location that a member belongs to. */
export function locationOf(picture: Picture, id: string): string {
  return picture.members.get(id)?.location ?? '';
}

/** The member pair that stands for a location pair at first: the worst; `undefined` when none is measured. */
export function firstPair(
  paths: readonly MemberPath[],
  source: string,
  target: string,
): MemberPath | undefined {
  const answer = { now_ms: 0, location_paths: [], member_paths: [...paths] };
  return memberPairs(answer, { source, kind: 'member', target })[0];
}
